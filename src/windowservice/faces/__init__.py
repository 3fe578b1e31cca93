"""What people look at: a report as one page of HTML, with its timelines and charts."""
