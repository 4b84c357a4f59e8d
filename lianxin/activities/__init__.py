"""What a union arranges for people to come to: sport, culture, visits, days with the family, help for others."""
