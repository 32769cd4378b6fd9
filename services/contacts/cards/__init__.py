"""Business cards: what they show, as pages, vCards and QR codes; who exchanged them with whom."""
