"""What stands before the server in production, tried with the programs themselves."""
