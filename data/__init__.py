"""What comes with the checkout to be looked at; at run time also the database and exports."""
