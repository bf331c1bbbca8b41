"""The words that the patterns know. Plain lists: add to them where a warning was wrong."""


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


BIRTH_WORDS = _words("born birth birthday dob")
MONTHS = _words(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sept sep oct nov dec"
)
_DAYS = _words("monday tuesday wednesday thursday friday saturday sunday")

POSTCODE_AREAS = _words(
    "ab al b ba bb bd bh bl bn br bs bt ca cb cf ch cm co cr ct cv cw da dd de dg dh dl dn dt dy e ec en ex fk fy g gl "
    "gu gy ha hd hg hp hr hs hu hx ig im ip iv ka kt kw ky l la ld le ll ln ls lu m me mk ml n ne ng nn np nr nw ol ox "
    "pa pe ph pl po pr rg rh rm s sa se sg sk sl sm sn so sp sr ss st sw sy ta td tf tn tq tr ts tw ub w wa wc wd wf wn "
    "wr ws wv yo ze"
)

STREETS = _words(
    "road street avenue lane crescent rd ave close drive grove terrace gardens court place way walk row mews"
)
STREETS_WITHOUT_NUMBER = _words("road street avenue lane crescent rd ave close drive grove terrace gardens")
STREETS_IN_SMALL_LETTERS = _words("road street avenue lane crescent rd")
NO_STREET_NAME = _words("a busy long main minute minutes mile miles of other our same side the that this way")
BEFORE_A_STREET = _words("at in on to from near our the down along by of")

SCHOOL_TYPES = _words("school academy college nursery preschool kindergarten")
SCHOOL_LEVELS = _words("primary secondary high infant infants junior juniors")
"""As in "St Mary's Primary": enough after a name, if no other name follows."""
GENERIC_SCHOOL_WORDS = SCHOOL_LEVELS | _words(
    "all and any catholic church ce rc community different day each education every first for free further good "
    "grammar he's she's independent large local mainstream middle nearest new next no of old our own private pupil "
    "sixth form small some special specialist state sunday the them their these they this those to at a an after "
    "about as autism before big boarding but by called council count does from her his how if in is it its last many "
    "me more most my not on one or other send senco since so start started that there was we what when where which "
    "while who whole why with year your virtual summer trust post pre night medical law art music drama "
    "sen england both another home high-quality attend attending go goes going been"
)
SAINTS = _words("st saint")
BEFORE_A_SCHOOL = _words("at to attends from called near leave left joined")

TITLES = _words("mr mrs miss ms mx dr prof professor")
TITLES_IN_SMALL_LETTERS = _words("mr mrs")
RELATIONS = _words(
    "son daughter boy girl lad child kid baby twin brother sister sibling stepson stepdaughter stepbrother stepsister "
    "husband wife partner mum mom mam dad mummy daddy mother father nan nana nanna gran granny grandma grandad grandpa "
    "grandson granddaughter grandmother grandfather grandchild nephew niece cousin aunt auntie uncle friend friends "
    "mate neighbour teacher tutor headteacher head ta senco worker nurse doctor therapist pupil student"
)
OWN = _words("my our his her their your")
OF_SOMEBODY = OWN | {"the", "a"}
AFTER_A_NAME = _words(
    "is isn't was wasn't has hasn't had hadn't will won't would wouldn't can can't cannot could couldn't does doesn't did "
    "didn't needs wants goes went gets got who"
)
"""In "my daughter lily is sad" one of these comes after the name."""
NO_NAME_BEFORE_A_VERB = _words(
    "actually again alone already always both clearly currently definitely either even ever finally generally "
    "herself himself hardly instead just maybe mostly never nobody normally often once only perhaps possibly probably "
    "rarely really recently she's since sometimes soon somehow somewhere suddenly themselves too totally twice usually "
    "yet says said thinks knows feels needs wants likes loves hates gets goes "
    "group groups appointment appointments behaviour anxiety eczema asthma epilepsy visit visits lesson lessons bus taxi car "
    "phone room work book books letter letters report reports story problem problems friendship condition diagnosis "
    "medication wheelchair hearing sight sleep eating food toilet place club number email mail name age future life "
    "situation case file panel waiting time times experience attendance exclusion progress safety wellbeing"
)
"""As in "my son never has" or "my friend group is": what may stand between a relation and its verb, and is no name."""
NAMING = _words("called named")
NO_NAME = _words(
    "a all an and any as at autistic back bad because being but by can called chosen come deaf disabled do done dyslexic "
    "everything fine for from getting given glad going good got had happy has have he her here him his home how hurt i if "
    "in is it just kept left like lost mad me my named new no none not nothing now of ok okay on or our out over put ready "
    "sad sen send she sick so sorry still stuck stupid taken that the their them then there they this tired to told "
    "too under unhappy up upset us very was we well what when where who why with worried you your"
)
"""After "called" and "my name is", these are no name."""

FIELD_WORDS = (
    _DAYS
    | MONTHS
    | RELATIONS
    | SCHOOL_TYPES
    | SCHOOL_LEVELS
    | _words(
        # The field's own names
        "education health care plan plans ehc ehcp send sen sendco special educational needs disability disabilities speech "
        "language therapy therapies therapist occupational physiotherapy educational psychologist psychology autism "
        "autistic spectrum disorder attention deficit hyperactivity down down's syndrome cerebral palsy mental "
        "annual review reviews local offer authority council county city borough district service services team team's "
        "social worker workers children children's young people people's person parent parents carer carers "
        "forum voice partnership board joint commissioning inclusion inclusive inclusions early years help support "
        "advice information short break breaks alternative provision provider mainstream resource resourced base unit "
        "tribunal mediation ombudsman appeal complaint ofsted cqc nhs trust hospital clinic centre community camhs child "
        "adolescent family families foundation stage key year years reception sixth form class department government "
        "act regulations code practice designated clinical officer medical integrated care system strategy priority "
        "action improvement neurodevelopmental pathway assessment assessments teaching assistant assistants school's "
        "learning personal budget transport home adult adulthood preparing transition zoom teams microsoft "
        "google facebook whatsapp covid christmas easter summer autumn winter spring term terms bank holiday "
        "british english welsh scottish irish sign great britain united kingdom england wales scotland ireland london "
        "royal general north south east west northern southern eastern western central church catholic muslim "
        "mr mrs miss ms dr sir madam god jesus "
        # What sentences begin with, in case the full stop is missing
        "the a an and but or so if when while because since although he she they we you it i i'm i've i'd i'll he's she's "
        "it's they're we're my our his her their your this that these those there then now also after before at in on "
        "for from to with by as not no yes please thank thanks dear hi hello hey every all some most many each"
    )
)
"""None of these is part of a name where two capitalised words stand together."""
