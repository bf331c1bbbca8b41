"""The forms of people, services, invitations and plain words, one module for each."""
