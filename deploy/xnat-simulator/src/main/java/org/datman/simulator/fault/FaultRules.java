package org.datman.simulator.fault;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The active rules. Random numbers come from a seeded generator, so that a run can be repeated. */
public final class FaultRules {
    private static final class Active {
        final FaultRule rule;
        int seen;
        int struck;

        Active(FaultRule rule) {
            this.rule = rule;
        }
    }

    private final Map<String, Active> rules = new LinkedHashMap<>();
    private final Random random = new Random(1);
    private int lastId;

    /** Adds a rule; the id serves {@link #remove} and {@link #struck}. */
    public synchronized String add(FaultRule rule) {
        String id = "f" + ++lastId;
        rules.put(id, new Active(rule));
        return id;
    }

    public synchronized void remove(String id) {
        rules.remove(id);
    }

    public synchronized void clear() {
        rules.clear();
    }

    /** How often a rule was applied. */
    public synchronized int struck(String id) {
        Active active = rules.get(id);
        return active == null ? 0 : active.struck;
    }

    /** Rules by id. */
    public synchronized Map<String, FaultRule> rules() {
        Map<String, FaultRule> result = new LinkedHashMap<>();
        rules.forEach((id, active) -> result.put(id, active.rule));
        return result;
    }

    /** The rules that apply to this request, in the order in which they were added; counts them as applied. */
    public synchronized List<FaultRule> strike(String method, String uri) {
        List<FaultRule> hits = new ArrayList<>();
        for (Active active : rules.values()) {
            FaultRule rule = active.rule;
            if (!rule.method().isEmpty() && !rule.method().equals(method)) {
                continue;
            }
            if (!rule.path().matcher(uri).find()) {
                continue;
            }
            if (active.seen++ < rule.skip()) {
                continue;
            }
            if (rule.times() >= 0 && active.struck >= rule.times()) {
                continue;
            }
            if (rule.probability() < 1 && random.nextDouble() >= rule.probability()) {
                continue;
            }
            active.struck++;
            hits.add(rule);
        }
        return hits;
    }
}
