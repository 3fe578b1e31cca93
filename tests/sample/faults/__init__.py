"""What is spoilt in the sample's matters, or nearly so."""
