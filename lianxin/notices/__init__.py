"""Public notices: masking, receipts, objections, take-down."""
