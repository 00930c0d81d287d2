"""What articles say, as entities, claims, evidence and edges; its stores, exports and pages."""
