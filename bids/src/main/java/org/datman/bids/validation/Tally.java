package org.datman.bids.validation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** How often each thing is there, and which came or went since the last {@link #start}. */
final class Tally<T> {

    private final Map<T, Integer> counts = new HashMap<>();
    private final Set<T> appeared = new HashSet<>();
    private final Set<T> gone = new HashSet<>();

    void start() {
        appeared.clear();
        gone.clear();
    }

    void add(Iterable<T> things) {
        for (T thing : things) {
            if (counts.merge(thing, 1, Integer::sum) == 1 && !gone.remove(thing)) {
                appeared.add(thing);
            }
        }
    }

    void remove(Iterable<T> things) {
        for (T thing : things) {
            if (counts.merge(thing, -1, Integer::sum) == 0) {
                counts.remove(thing);
                if (!appeared.remove(thing)) {
                    gone.add(thing);
                }
            }
        }
    }

    boolean has(T thing) {
        return counts.containsKey(thing);
    }

    Set<T> all() {
        return counts.keySet();
    }

    Set<T> appeared() {
        return appeared;
    }

    Set<T> gone() {
        return gone;
    }
}
