"""What can be seen of groups."""

from portal.clusters.queries.about import About, about
from portal.clusters.queries.ground import ground_of, known, members, now_said
from portal.clusters.queries.groups import LEAST, Aside, Group, Groups, asides, group, groups
from portal.clusters.queries.proposals import Proposal, Quote, common_words, in_short, proposal
from portal.clusters.queries.trends import Trend, trends

__all__ = [
    "About",
    "Aside",
    "Group",
    "Groups",
    "LEAST",
    "Proposal",
    "Quote",
    "Trend",
    "about",
    "asides",
    "common_words",
    "ground_of",
    "group",
    "groups",
    "in_short",
    "known",
    "members",
    "now_said",
    "proposal",
    "trends",
]
