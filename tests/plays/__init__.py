"""The services as plays on a server of this machine: one file each, over a few records in the service's own shape."""
