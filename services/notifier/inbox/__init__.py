"""What a collaborator has been told and has not done with."""
