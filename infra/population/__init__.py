"""An invented population: plausible lives, told as offices tell them, with the truth about their gaps."""
