"""The playground: set up an experiment in the browser, watch it learn, look inside, take it away.

From the inside outwards: `session`, one person's experiment without any page, with `own_points`,
`by_hand`, `timeline`, `pace`, `stopping`, `presets` and `limits`; `replication`, a hundred of the same,
and `studies`, all such of a session; `workers`, which train all sessions fairly; `views` and `looks`,
what there is to see of a network; `link` and `takeaway`; and the page: `pictures` and `frames` go to the
browser, `messages` come from it, `page`, `setup`, `transport`, `curves` and `sharing` are what it shows,
`live` holds a session and its page together, `serving` hands pages out.
"""
