"""What a good score can hide: groups, ends of the scale, the silent, suspicious answers."""
