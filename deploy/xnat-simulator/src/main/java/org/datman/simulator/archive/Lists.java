package org.datman.simulator.archive;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Changed copies of lists. */
final class Lists {
    private Lists() {}

    static <T> List<T> replace(List<T> list, Predicate<T> which, UnaryOperator<T> change) {
        return list.stream().map(t -> which.test(t) ? change.apply(t) : t).toList();
    }

    static <T> List<T> plus(List<T> list, T added) {
        List<T> result = new ArrayList<>(list);
        result.add(added);
        return result;
    }

    static <T> List<T> without(List<T> list, Predicate<T> which) {
        return list.stream().filter(which.negate()).toList();
    }
}
