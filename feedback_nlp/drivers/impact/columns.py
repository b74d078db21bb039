"""The columns of the driver table, in their order, and what each of them says."""

GROUPS = ("detractors", "passives", "promoters")

COLUMNS = {
    "theme": "Id of the theme.",
    "n": "Respondents who mention it at all.",
    "n_negative": "Respondents who mention it negatively (who blame it).",
    "n_positive": "Respondents who mention it positively (who praise it); one may do both.",
    "share": "n ÷ all respondents, 0–1.",
    "share_low": "Lower end of its interval (Wilson).",
    "share_high": "Upper end of it.",
    "n_detractors": "Detractors who blame it.",
    "share_detractors": "Share of all detractors who blame it, 0–1.",
    "share_detractors_low": "Lower end of its interval (Wilson).",
    "share_detractors_high": "Upper end of it.",
    "n_passives": "Passives who blame it.",
    "share_passives": "Share of all passives who blame it, 0–1.",
    "share_passives_low": "Lower end of its interval (Wilson).",
    "share_passives_high": "Upper end of it.",
    "n_promoters": "Promoters who blame it; the three numbers make up n_negative.",
    "share_promoters": "Share of all promoters who blame it, 0–1.",
    "share_promoters_low": "Lower end of its interval (Wilson).",
    "share_promoters_high": "Upper end of it.",
    "odds_ratio": "Odds that a detractor blames it ÷ odds that another does, of those who wrote; "
    "0.5 added to each cell (Haldane–Anscombe).",
    "odds_ratio_low": "Lower end of its interval (Woolf).",
    "odds_ratio_high": "Upper end of it.",
    "p_value": "Fisher's exact test of the same counts, two-sided, 0–1.",
    "q_value": "p_value by Benjamini–Hochberg over the themes shown, 0–1.",
    "net_polarity": "(n_positive − n_negative) ÷ respondents with a known polarity, −1 to 1.",
    "net_polarity_low": "Lower end of its interval (that of an NPS; who does both is 0).",
    "net_polarity_high": "Upper end of it.",
    "score_with": "Score of those who blame it, in the unit of the score.",
    "score_with_low": "Lower end of its interval (score interval).",
    "score_with_high": "Upper end of it.",
    "score_without": "Score of those who do not.",
    "score_without_low": "Lower end of its interval (score interval).",
    "score_without_high": "Upper end of it.",
    "impact_leave_out": "Score of all − score_without: never add these up.",
    "impact_low": "Lower end of its interval.",
    "impact_high": "Upper end of it.",
    "points_lost": "In the unit of the score: distance of respondents from the maximum, shared "
    "equally over what each of them blames, averaged over all: these add up.",
    "points_lost_low": "Lower end of its interval.",
    "points_lost_high": "Upper end of it.",
    "adjusted_gain": "What the score would gain, by a model, if nobody had blamed it and all else "
    "were the same: an association, not what a remedy would win.",
    "adjusted_gain_low": "Lower end of its interval (bootstrap by respondent).",
    "adjusted_gain_high": "Upper end of it.",
    "adjusted_p": "p-value of no adjusted gain, two-sided, 0–1.",
    "points_lost_detractors": "The part of points_lost that detractors make.",
    "points_lost_passives": "The part that passives make.",
    "points_lost_promoters": "The part that promoters make: 0 for shares and the NPS.",
    "points_won": "Distance of respondents from the minimum, shared equally over what each of "
    "them praises, averaged over all: these add up.",
    "points_won_low": "Lower end of its interval.",
    "points_won_high": "Upper end of it.",
    "points_won_promoters": "The part of points_won that promoters make.",
    "n_promoters_positive": "Promoters who praise it.",
    "suppressed": "Whether too few blame it to be shown or ranked.",
}
# What is told of a theme that too few blame, and what is told of one that enough praise.
COUNTS = ("theme", "n", "n_negative", "n_positive", "share", "share_low", "share_high",
          *(f"n_{name}" for name in GROUPS), "n_promoters_positive", "suppressed")  # fmt: skip
NET = ("net_polarity", "net_polarity_low", "net_polarity_high")
WON = ("points_won", "points_won_low", "points_won_high", "points_won_promoters")
WITHOUT = (
    "score_without",
    "score_without_low",
    "score_without_high",
    "impact_leave_out",
    "impact_low",
    "impact_high",
)
