/*
 * The permit protocol of KKM: one payment of at most two attempts, two workers, a ledger, a broker, one terminal and its bank.
 *
 * It follows chapter "The rule about money" of docs/ARCHITECTURE.md. README.md beside this file says what is modelled, what is not, and how to run it.
 * Searched are all interleavings of all processes with at most FAULTS faults. Claimed is, in every one of them:
 *
 *   never twice    the card is charged once at most, over all attempts;
 *   books agree    as soon as an attempt is final in the ledger, and ever after, the ledger says what the bank did;
 *   final stays    a final outcome never changes;
 *   comes to rest  when nothing more can happen, no attempt is queued, granted or in doubt.
 *
 * A worker may pause between any two steps for as long as it likes: a frozen worker needs no fault of its own. Waiting and asking again are written as a
 * step that cannot be taken yet.
 */
#ifndef FAULTS
#define FAULTS 2
#endif

/* Which claim is checked, by spin -DCLAIM=<name>; all of them when none is named. */
#ifndef CLAIM
#define CLAIM EVERY
#endif
#define EVERY         0
#define NEVER_TWICE   1
#define BOOKS_AGREE   2
#define FINAL_STAYS   3
#define COMES_TO_REST 4
#define claim(name, holds) assert(CLAIM != EVERY && CLAIM != name || (holds))

/* The controls: what is broken on purpose, by spin -DBROKEN=<name>. Each has a counter-example to its claim within its faults; the tests read this list. */
#ifndef BROKEN
#define BROKEN INTACT
#endif
#define broken(what) (BROKEN == what)
#define INTACT 0
#define NO_PERMIT           1 /* NEVER_TWICE, 1: the permit is not asked for */
#define RESEND              2 /* NEVER_TWICE, 1: "already granted" is taken for leave to send */
#define TAKE_OVER_IS_GRANT  3 /* NEVER_TWICE, 2: the repeated request of a handling that took over recovery is answered as if it had been granted */
#define ONE_NONCE           4 /* NEVER_TWICE, 1: a worker has one nonce for all deliveries and does not read in its journal what was begun */
#define STALE_GRANT         5 /* NEVER_TWICE, 0: the permit is decided on one reading and written without another look */
#define REDO_IN_DOUBT       6 /* NEVER_TWICE, 1: an attempt in doubt can be redone */
#define NO_VALIDITY         7 /* BOOKS_AGREE, 1: the grant's time is not looked at before the first byte */
#define RECONNECT           8 /* BOOKS_AGREE, 1: a worker connects again under its permit */
#define KEEP_CONNECTION     9 /* BOOKS_AGREE, 1: the earlier connection is taken for ended and is not */
#define NO_WAIT            10 /* BOOKS_AGREE, 0: the proof of "not charged" does not wait for bytes that may still arrive */
#define NO_LINK_TEST       11 /* BOOKS_AGREE, 0: the proof of "not charged" does not wait until the terminal is idle */
#define SILENCE_IS_NO      12 /* BOOKS_AGREE, 0: no answer is taken for a decline */
#define CANCEL_IS_NO       13 /* BOOKS_AGREE, 0: a cancel is taken for the end before the terminal has said so */
#define STALE_RESULT       14 /* BOOKS_AGREE, 2: a negative result counts although its nonce is not in force */
#define STALE_CANCEL       15 /* FINAL_STAYS, 0: a cancel withdraws what was queued when it looked */
#define NO_LAPSE           16 /* COMES_TO_REST, 1: a lease never lapses */
#define NO_SCHEDULE        17 /* COMES_TO_REST, 1: the ledger does not ask again for an attempt that nobody drives */

#define NOTHING 2 /* No attempt; attempts are 0 and 1. */
#define NOBODY  2 /* No worker; workers are 0 and 1. */

/* UNCHARGED: declined, cancelled or failed, with proof. WITHDRAWN: ended before any permit, by a cancel or because its time was over. */
mtype = { NONE, QUEUED, GRANTED, UNKNOWN, APPROVED, UNCHARGED, WITHDRAWN, BEGUN };

/* The ledger. */
mtype status[2] = NONE;
byte holder[2] = NOBODY; /* Whose nonce is in force. */
bool current[2];         /* The handling that has this nonce still runs; else the nonce is nobody's any more. */
bool recovering[2];      /* The nonce came by taking over: it may ask the terminal, and never send. */
bool leased[2];          /* The permit's lease lives. */
bool window[2];          /* The first byte may still go out (sendWithinMs). Closed before the lease can lapse: 10 s and 20 s. */
bool cancelling[2];      /* Somebody asked to cancel what was granted already. */

/* The broker. */
bool ready[2];           /* A command waits in the terminal's queue: the first one, one that was requeued, or the ledger's "recover". */
byte has[2] = NOTHING;   /* The attempt of the delivery that a worker has not acknowledged. */
mtype mail[2] = NONE;    /* A result on its way to the ledger. */
bool inForce[2];         /* Its nonce is in force. */

/* The workers. */
mtype journal[4] = NONE; /* For each worker and attempt: BEGUN, or how it ended. Outlives the process. */
bool busy[2];            /* It handles a delivery. */
bool linked[2];          /* Bytes that it writes reach the terminal. */
bool poised[2];          /* It has made its last check and is about to write. */
bool killed[2];

/* The terminal and the bank. A terminal knows of no attempts and no repetitions: it performs every sale that reaches it. */
bool displaces;          /* A new connection ends the earlier one; some terminals are like that, some keep both. */
byte wire[2];            /* Sales that were written and have neither arrived nor been lost. */
byte performing = NOTHING;
mtype said[2] = NONE;    /* Its answer to the last sale. */
byte booked[2];          /* The bank's books. */

byte faults = FAULTS;

#define held(n)      (status[n] == GRANTED || status[n] == UNKNOWN)
#define uncharged(n) (status[n] == UNCHARGED || status[n] == WITHDRAWN)
#define final(n)     (status[n] == APPROVED || uncharged(n))
#define agree(n)     (!final(n) || (status[n] == APPROVED) == booked[n])
#define quiet(n)     (wire[n] == 0 && mail[n] == NONE)
#define atRest       (final(0) && (final(1) || status[1] == NONE) && quiet(0) && quiet(1) && performing == NOTHING)

/* The one way from state to state. What no longer matters once an attempt is over is wiped, to keep the search small. */
inline enter(n, next) {
  claim(FINAL_STAYS, !final(n));
  status[n] = next;
  printf("ledger: attempt %d is %e\n", n + 1, next);
  claim(BOOKS_AGREE, agree(n));
  if
  :: final(n) ->
     holder[n] = NOBODY; current[n] = false; recovering[n] = false; leased[n] = false; cancelling[n] = false; said[n] = NONE;
     journal[n] = (journal[n] == BEGUN -> NONE : journal[n]);
     journal[2 + n] = (journal[2 + n] == BEGUN -> NONE : journal[2 + n])
  :: else
  fi
}

/* ---- A worker ---- */

#define mine (holder[a] == me && current[a])
#define note journal[2 * me + a]
/* Nothing that was written for the attempt can arrive any more. Either the other connection is gone, or the time in which its owner may write is. */
#define tooLateToArrive (!window[a] && wire[a] == 0 && (displaces || !poised[1 - me]))

inline connect() {
  linked[me] = true;
  if
  :: displaces && !broken(KEEP_CONNECTION) -> linked[1 - me] = false
  :: else
  fi
}

inline grant() {
  enter(a, GRANTED);
  holder[a] = me; current[a] = true; recovering[a] = false; leased[a] = true; window[a] = true
}

inline take_over() {
  inForce[a] = inForce[a] && mine; /* What an earlier handling has sent does not count any more, unless it is an approval. */
  holder[a] = me; current[a] = true; recovering[a] = true; leased[a] = true;
  printf("ledger: worker %d recovers attempt %d\n", me + 1, a + 1)
}

proctype Worker(byte me) {
  byte a; /* The attempt of the delivery. */
end:
  do
  :: { atomic {
         if
         :: ready[0] -> a = 0
         :: ready[1] -> a = 1
         fi;
         ready[a] = false; has[me] = a; busy[me] = true;
         printf("worker %d: gets the command of attempt %d\n", me + 1, a + 1);
         if
         :: broken(NO_PERMIT) -> connect(); goto granted
         :: !broken(NO_PERMIT) && note == BEGUN && !broken(ONE_NONCE) -> goto recover /* Begun once is begun for ever. */
         :: !broken(NO_PERMIT) && note != NONE && note != BEGUN -> goto publish
         :: else
         fi
       };
       if /* Connect and link first. Without a terminal there is no permit, and the attempt fails, unless the ledger says that it is held. */
       :: atomic { !held(a) && faults > 0 -> faults--; printf("worker %d: cannot reach the terminal\n", me + 1) };
          atomic { mail[a] == NONE -> mail[a] = UNCHARGED; inForce[a] = false };
          goto acknowledge
       :: true
       fi;

ask:   atomic { /* Connection and permit: one transaction of the ledger. "Ask again later" is the lack of a choice. */
         if
         :: final(a) -> goto acknowledge
         :: status[a] == QUEUED && !held(1 - a) -> connect();
            if
            :: broken(STALE_GRANT) -> goto write_grant
            :: else -> grant()
            fi
         :: status[a] == GRANTED && mine && (!recovering[a] || broken(TAKE_OVER_IS_GRANT)) ->
            /* Its own request, repeated: the same grant. One that took over would count the time from its own request. */
            window[a] = window[a] || recovering[a]; recovering[a] = false
         :: held(a) && (!leased[a] || mine && recovering[a]) -> connect(); take_over()
         fi;
         if
         :: faults > 0 -> faults--; printf("worker %d: the answer is lost, it asks again\n", me + 1); goto ask
         :: recovering[a] && !broken(RESEND) -> goto recover
         :: recovering[a] && broken(RESEND) -> window[a] = true; goto granted
         :: !recovering[a] -> goto granted
         fi
       };
write_grant:
       atomic { status[a] = GRANTED; holder[a] = me; current[a] = true; leased[a] = true; window[a] = true };

granted:
       atomic { /* Journalled before the first byte, then the last look at the clocks and at cancels. */
         note = BEGUN;
         if
         :: window[a] || broken(NO_VALIDITY) || broken(NO_PERMIT) -> poised[me] = true
         :: !window[a] || cancelling[a] -> note = UNCHARGED; goto publish /* Nobody else may send under this nonce, and it never will. */
         fi
       };
       atomic {
         poised[me] = false;
         if
         :: broken(RECONNECT) -> connect()
         :: else
         fi;
         if
         :: linked[me] -> wire[a]++; printf("worker %d: SENDS THE SALE of attempt %d\n", me + 1, a + 1)
         :: !linked[me] -> skip                         /* Into the void, and it does not notice. */
         :: !linked[me] -> note = UNCHARGED; goto publish /* Its connection is closed: nothing was sent. */
         fi
       };
       if
       :: atomic { linked[me] && said[a] != NONE -> note = said[a]; goto publish }
       :: atomic { broken(SILENCE_IS_NO) -> note = UNCHARGED; goto publish }
       :: atomic { broken(CANCEL_IS_NO) && cancelling[a] -> note = UNCHARGED; goto publish }
       :: true /* No answer, or not in time. */
       fi;

recover:
       atomic {
         if
         :: final(a) -> goto acknowledge
         :: held(a) && (!leased[a] || mine) -> take_over()
         fi
       };
       atomic { connect() };
       if
       :: tooLateToArrive || broken(NO_WAIT)
       :: atomic { faults > 0 -> faults--; note = UNKNOWN; printf("worker %d: the terminal does not answer\n", me + 1); goto publish }
       fi;
       performing == NOTHING || broken(NO_LINK_TEST); /* The link test is answered. */
       atomic { /* The report. */
         if
         :: linked[me] -> note = (booked[a] > 0 -> APPROVED : UNCHARGED); printf("terminal: attempt %d is %e\n", a + 1, note)
         :: !linked[me] -> goto recover
         fi
       };

publish:
       atomic { mail[a] == NONE -> mail[a] = note; inForce[a] = (holder[a] == me) };
       atomic {
         note = (note == UNKNOWN -> BEGUN : NONE); /* In doubt, or confirmed and forgotten. */
acknowledge:
         has[me] = NOTHING; busy[me] = false; linked[me] = false;
         if
         :: holder[a] == me -> current[a] = false
         :: else
         fi;
         a = 0
       }
     } unless { atomic { killed[me] -> killed[me] = false; a = 0 } }
  od
}

/* ---- The ledger, besides the permit ---- */

/* An approval counts whoever brings it; anything else only under the nonce in force. Without a permit an attempt fails only while it is queued. */
inline record(n) {
  if
  :: (held(n) || status[n] == QUEUED) && mail[n] == APPROVED -> enter(n, APPROVED)
  :: held(n) && mail[n] == UNCHARGED && (inForce[n] || broken(STALE_RESULT)) -> enter(n, UNCHARGED)
  :: status[n] == QUEUED && mail[n] == UNCHARGED && !inForce[n] -> enter(n, UNCHARGED)
  :: status[n] == GRANTED && mail[n] == UNKNOWN && inForce[n] -> enter(n, UNKNOWN); leased[n] = false
  :: status[n] == UNKNOWN && mail[n] == UNKNOWN && inForce[n] -> leased[n] = false
  :: else
  fi;
  if
  :: mail[n] = NONE; inForce[n] = false
  :: faults > 0 -> faults-- /* It dies before the message is acknowledged: the same result comes again. */
  fi
}

#define undriven(n) (held(n) && !leased[n] && !ready[n] && !broken(NO_SCHEDULE))

proctype Ledger() {
end:
  do
  :: atomic { mail[0] != NONE -> record(0) }
  :: atomic { mail[1] != NONE -> record(1) }
  :: atomic { undriven(0) -> ready[0] = true }
  :: atomic { undriven(1) -> ready[1] = true }
  od
}

/* The lease of a handling that ended lapses by itself. That of a living one, or with a result on its way for 20 s, is a fault. */
#define lapses(n) (leased[n] && !window[n] && !broken(NO_LAPSE))
#define ended(n)  (!current[n] && mail[n] == NONE)

proctype Time() {
end:
  do
  :: atomic { window[0] -> window[0] = false }
  :: atomic { window[1] -> window[1] = false }
  :: atomic { lapses(0) && ended(0) -> leased[0] = false }
  :: atomic { lapses(1) && ended(1) -> leased[1] = false }
  :: atomic { lapses(0) && !ended(0) && faults > 0 -> faults--; leased[0] = false; printf("ledger: the lease of attempt 1 lapses\n") }
  :: atomic { lapses(1) && !ended(1) && faults > 0 -> faults--; leased[1] = false; printf("ledger: the lease of attempt 2 lapses\n") }
  od
}

/* ---- Terminal and bank ---- */

inline arrive(n) { wire[n]--; performing = n; said[n] = NONE; printf("terminal: begins the sale of attempt %d\n", n + 1) }

proctype Terminal() {
end:
  do
  :: atomic { wire[0] > 0 && performing == NOTHING -> arrive(0) }
  :: atomic { wire[1] > 0 && performing == NOTHING -> arrive(1) }
  :: atomic { wire[0] > 0 -> wire[0]--; printf("terminal: the sale of attempt 1 never arrives\n") }
  :: atomic { wire[1] > 0 -> wire[1]--; printf("terminal: the sale of attempt 2 never arrives\n") }
  :: atomic { performing != NOTHING ->
       said[performing] = APPROVED; booked[performing]++; printf("bank: CHARGES THE CARD for attempt %d\n", performing + 1);
       claim(NEVER_TWICE, booked[0] + booked[1] <= 1);
       claim(BOOKS_AGREE, agree(performing));
       performing = NOTHING
     }
  :: atomic { performing != NOTHING -> said[performing] = UNCHARGED; printf("terminal: attempt %d is not charged\n", performing + 1); performing = NOTHING }
  od
}

/* ---- What goes wrong, and what people do ---- */

inline requeue(w) { ready[has[w]] = true; has[w] = NOTHING }

inline kill(w) {
  printf("worker %d: dies and starts again\n", w + 1);
  killed[w] = true; busy[w] = false; linked[w] = false; poised[w] = false;
  if
  :: has[w] != NOTHING -> requeue(w)
  :: else
  fi;
  current[0] = current[0] && (holder[0] != w || broken(ONE_NONCE));
  current[1] = current[1] && (holder[1] != w || broken(ONE_NONCE))
}

inline drop_channel(w) { printf("broker: gives the command of attempt %d to somebody again\n", has[w] + 1); requeue(w) }
inline cut_link(w) { printf("worker %d: loses its connection to the terminal\n", w + 1); linked[w] = false }

proctype Trouble() {
end:
  do
  :: atomic { faults > 0 && busy[0] -> faults--; kill(0) }
  :: atomic { faults > 0 && busy[1] -> faults--; kill(1) }
  :: atomic { faults > 0 && has[0] != NOTHING -> faults--; drop_channel(0) }
  :: atomic { faults > 0 && has[1] != NOTHING -> faults--; drop_channel(1) }
  :: atomic { faults > 0 && linked[0] -> faults--; cut_link(0) }
  :: atomic { faults > 0 && linked[1] -> faults--; cut_link(1) }
  od
}

/* The gateway may die before the command is published. */
inline open(n) {
  enter(n, QUEUED);
  if
  :: ready[n] = true
  :: true
  fi
}

#define redoable (status[1] == NONE && (uncharged(0) || status[0] == UNKNOWN && broken(REDO_IN_DOUBT)))

proctype Cashier() {
end:
  do
  :: atomic { status[0] == QUEUED && !broken(STALE_CANCEL) -> enter(0, WITHDRAWN) } /* Also what the ledger does with one whose time is over. */
  :: atomic { status[1] == QUEUED -> enter(1, WITHDRAWN) }
  :: status[0] == QUEUED && broken(STALE_CANCEL) -> atomic { enter(0, WITHDRAWN) }
  :: atomic { status[0] == GRANTED && !cancelling[0] -> cancelling[0] = true }
  :: atomic { status[1] == GRANTED && !cancelling[1] -> cancelling[1] = true }
  :: atomic { redoable -> open(1) }
  od
}

init {
  atomic {
    if
    :: displaces = true
    :: displaces = false
    fi;
    open(0);
    run Worker(0); run Worker(1); run Ledger(); run Time(); run Terminal(); run Trouble(); run Cashier()
  }
  timeout; /* Nothing more can happen. */
  claim(COMES_TO_REST, atRest)
}
