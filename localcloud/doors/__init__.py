"""What a laptop's console can do beside the API, a module for each door; see `localcloud.local_doors`."""
