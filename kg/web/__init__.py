"""The web service: a SPARQL endpoint, checks of patients, and pages for people; `kg.web.server.serve` runs it."""
