package org.datman.contracts.naming;

import java.util.List;
import java.util.Map;

/**
 * How a study's foreign (KCNI) identifiers become its own ones. Only KCNI identifiers are mapped; identifiers in
 * DATMAN's form never are.
 *
 * @param study foreign study code to local code; codes that are not listed stay
 * @param site foreign site code to local code
 * @param toLocal subject rules from KCNI to local, the first that applies wins
 * @param toKcni subject rules from local to KCNI
 */
public record IdMap(
        IdType type,
        Map<String, String> study,
        Map<String, String> site,
        List<SubjectRule> toLocal,
        List<SubjectRule> toKcni) {

    /** Nothing is mapped and both grammars are tried. */
    public static final IdMap NONE = new IdMap(IdType.AUTO, Map.of(), Map.of(), List.of(), List.of());

    public IdMap {
        study = Map.copyOf(study);
        site = Map.copyOf(site);
        toLocal = List.copyOf(toLocal);
        toKcni = List.copyOf(toKcni);
    }

    public static IdMap of(Map<String, String> study, Map<String, String> site) {
        return new IdMap(IdType.AUTO, study, site, List.of(), List.of());
    }

    String localStudy(String foreign) {
        return study.getOrDefault(foreign, foreign);
    }

    String localSite(String foreign) {
        return site.getOrDefault(foreign, foreign);
    }

    String localSubject(String foreign) {
        return firstRule(toLocal, foreign);
    }

    String foreignStudy(String local) {
        return reverse(study, "study", local);
    }

    String foreignSite(String local) {
        return reverse(site, "site", local);
    }

    String foreignSubject(String local) {
        return firstRule(toKcni, local);
    }

    private static String firstRule(List<SubjectRule> rules, String subject) {
        return rules.stream()
                .filter(rule -> rule.applies(subject))
                .findFirst()
                .map(rule -> rule.apply(subject))
                .orElse(subject);
    }

    private static String reverse(Map<String, String> map, String field, String local) {
        List<String> foreign = map.entrySet().stream()
                .filter(e -> e.getValue().equals(local))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (foreign.size() > 1) {
            throw new NamingException(
                    local, field, "stands for several foreign codes " + foreign, "one foreign code per local code");
        }
        return foreign.isEmpty() ? local : foreign.get(0);
    }
}
