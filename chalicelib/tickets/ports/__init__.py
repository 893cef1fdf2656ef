"""What the desk needs of the world, in its own words. Adapters implement these, fakes subclass them.

index.py   tickets by their vectors and words      smes.py   the experts
"""
