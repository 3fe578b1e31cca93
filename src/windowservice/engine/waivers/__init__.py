"""What is known of findings beside their verdict: those waived or contested, and those that an earlier report had."""
