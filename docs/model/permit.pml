/*
 * The permit protocol of KKM: two workers, one ledger, one terminal, one payment with at most two attempts.
 *
 * What is modelled: a command that may be delivered to either worker and delivered again, the permit that the ledger grants once, the lease that
 * keeps a second worker away while the first drives, crashes of a worker at every step, a frozen worker that wakes up after its grant ran out,
 * a cancel, a redo, and the terminal's books. What is not: amounts, the broker's own faults, the byte protocol.
 *
 * Claim, checked over all interleavings: at rest the terminal has charged at most once, and what the ledger says is what the terminal did.
 *
 * Switches for the controls (each must give a counter-example):
 *   -DNO_PERMIT     the worker does not ask for the permit
 *   -DRESEND        the worker sends again when the permit was granted already
 *   -DNO_VALIDITY   a frozen worker does not look whether its grant is still valid
 *   -DSILENT_IS_NO  a lost answer is recorded as a decline
 */
#define ATTEMPTS 2
#define WORKERS 2

mtype = { NONE, QUEUED, GRANTED, UNKNOWN, APPROVED, DECLINED, CANCELLED, WITHDRAWN };

mtype status[ATTEMPTS];          /* The ledger's attempts. */
byte holder[ATTEMPTS];           /* Who has the lease of a granted attempt; WORKERS: nobody. */
bool valid[ATTEMPTS];            /* The grant's send window is still open. */
bool command[ATTEMPTS];          /* A command waits in the queue, or waits again. */
bool cancelled;                  /* Somebody asked for a cancel. */
bool executed[ATTEMPTS];         /* The terminal received the sale of the attempt. */
mtype told[ATTEMPTS];            /* How it ended there. */
byte charges;                    /* The bank's books. */
byte crashes;

#define live(a)   (status[a] == QUEUED || status[a] == GRANTED || status[a] == UNKNOWN || status[a] == APPROVED)
#define holds(a)  (status[a] == GRANTED || status[a] == UNKNOWN)

/* The terminal performs a sale whenever its bytes arrive: it knows of no attempt and no repetition. */
inline terminal_sale(a) {
  if
  :: charges++; told[a] = APPROVED
  :: told[a] = DECLINED
  fi;
  executed[a] = true
}

/* Records a final answer; a final outcome never changes. */
inline record(a, outcome) {
  if
  :: holds(a) -> status[a] = outcome; holder[a] = WORKERS; valid[a] = false
  :: else -> skip
  fi
}

/* Asks the terminal what became of the attempt, under a recovery lease. */
inline recover(a) {
  if
  :: executed[a] -> record(a, told[a])
  :: !executed[a] && !valid[a] -> record(a, DECLINED) /* Proved: nobody may send it any more. */
  :: else -> skip
  fi
}

proctype Worker(byte me) {
  byte a;
  bool granted;
  bool recovering;
work:
  do
  :: atomic {
       /* A delivery: the command stays in the queue until it is acknowledged. */
       if
       :: command[0] -> a = 0
       :: command[1] -> a = 1
       fi;
       granted = false; recovering = false
     }
#ifdef NO_PERMIT
     granted = true;
#else
     atomic { /* The permit, one transaction of the ledger. */
       if
       :: status[a] == QUEUED && cancelled -> status[a] = WITHDRAWN; command[a] = false; goto work
       :: status[a] == QUEUED && !cancelled && !holds(1 - a) -> status[a] = GRANTED; holder[a] = me; valid[a] = true; granted = true
       :: status[a] == QUEUED && !cancelled && holds(1 - a) -> goto work
       :: holds(a) && holder[a] == WORKERS -> holder[a] = me; recovering = true
       :: holds(a) && holder[a] != WORKERS -> goto work
       :: !live(a) || status[a] == APPROVED -> command[a] = false; goto work
       fi
     }
#ifdef RESEND
     granted = granted || recovering;
     recovering = false;
#endif
#endif
     if
     :: granted ->
        if
        :: crashes < 2 -> crashes++; holder[a] = WORKERS; goto work      /* Dies with a permit, before the bytes. */
        :: skip
        fi;
        atomic {
#if defined(NO_VALIDITY) || defined(NO_PERMIT)
          terminal_sale(a)
#else
          if
          :: valid[a] && holder[a] == me -> terminal_sale(a)
          :: else -> goto work                                            /* Woke up too late: it must not send. */
          fi
#endif
        };
        if
        :: crashes < 2 -> crashes++; holder[a] = WORKERS; goto work      /* Dies after the bytes, before the answer is kept. */
        :: crashes < 2 -> crashes++;
#ifdef SILENT_IS_NO
           atomic { record(a, DECLINED); command[a] = false }
#else
           atomic { if :: status[a] == GRANTED -> status[a] = UNKNOWN; holder[a] = WORKERS :: else -> skip fi } /* The answer is lost. */
#endif
        :: atomic { record(a, told[a]); command[a] = false }
        fi
     :: recovering ->
        if
        :: crashes < 2 -> crashes++; holder[a] = WORKERS; goto work
        :: skip
        fi;
        atomic {
          if
          :: holder[a] == me -> recover(a); if :: holds(a) -> holder[a] = WORKERS :: else -> command[a] = false fi
          :: else -> skip
          fi
        }
     :: else -> skip
     fi
  od
}

/* Time passes: a grant's window closes, and a lease lapses, whoever may be frozen then. A lease never lapses before the window has closed. */
proctype Time() {
  byte a;
end:
  do
  :: atomic { valid[0] -> valid[0] = false }
  :: atomic { valid[1] -> valid[1] = false }
  :: atomic { !valid[0] && holds(0) && holder[0] != WORKERS -> holder[0] = WORKERS }
  :: atomic { !valid[1] && holds(1) && holder[1] != WORKERS -> holder[1] = WORKERS }
  od
}

/* The cashier: cancels at any moment, and redoes when the first attempt ended uncharged. */
proctype Cashier() {
  if
  :: cancelled = true
  :: skip
  fi;
  atomic {
    if
    :: status[0] == DECLINED || status[0] == CANCELLED || status[0] == WITHDRAWN ->
       if
       :: !live(1) && status[1] == NONE -> cancelled = false; status[1] = QUEUED; command[1] = true
       :: else -> skip
       fi
    fi
  }
}

#define atRest (!live(0) || status[0] == APPROVED) && (!live(1) || status[1] == APPROVED)
#define ledgerCharges ((status[0] == APPROVED) + (status[1] == APPROVED))

init {
  atomic {
    holder[0] = WORKERS; holder[1] = WORKERS;
    status[0] = QUEUED; command[0] = true; status[1] = NONE;
    run Worker(0); run Worker(1); run Time(); run Cashier()
  }
}

ltl never_twice { [] (charges <= 1) }
ltl books_agree { [] ((atRest) -> (ledgerCharges == charges)) }
