"""Who sees what grew together, and who decides about it: those who bundle."""

from enum import StrEnum

from portal.kernel.policy import RULES, is_system
from portal.petitions.policy import bundles, organiser_of_this


class Do(StrEnum):
    SEE = "clusters.see"
    SPLIT = "clusters.split"
    REJOIN = "clusters.rejoin"
    SET_ASIDE = "clusters.set_aside"
    BRING_BACK = "clusters.bring_back"
    GROW = "clusters.grow"
    BEGIN_ANEW = "clusters.begin_anew"


OF_AN_ORGANISATION = (Do.SEE, Do.SPLIT, Do.REJOIN, Do.SET_ASIDE, Do.BRING_BACK)
RULES.update({do: [[organiser_of_this, bundles]] for do in OF_AN_ORGANISATION})
RULES.update({do: [[is_system]] for do in (Do.GROW, Do.BEGIN_ANEW)})
