"""The rights of functions, machines and containers against the AWS calls they really make."""
