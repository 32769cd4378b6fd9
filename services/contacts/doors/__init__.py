"""How people come in: invitations accepted, addresses proven, one organization left for another."""
