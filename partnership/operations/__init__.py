"""What changes people, services, invitations and plain words. Each says who did it and keeps what was there before."""
