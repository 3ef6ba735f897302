"""lungmask: lungs and lobes in CT, slice by slice."""
