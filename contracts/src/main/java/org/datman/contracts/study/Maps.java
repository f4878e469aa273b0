package org.datman.contracts.study;

import java.util.HashMap;
import java.util.Map;

/** Merges maps, the specific over the general. */
final class Maps {

    private Maps() {}

    static <V> Map<String, V> plus(Map<String, V> general, Map<String, V> specific) {
        Map<String, V> all = new HashMap<>(general);
        all.putAll(specific);
        return all;
    }
}
