"""The same stacks on this machine: the emulator, its start, and a deployment to it."""
