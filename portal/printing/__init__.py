"""The print kit of a dossier: posters, a flyer, a banner, a door card, and sheets to sign on."""
