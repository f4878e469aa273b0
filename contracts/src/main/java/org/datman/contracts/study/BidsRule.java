package org.datman.contracts.study;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.datman.contracts.naming.ReproIn;
import org.jspecify.annotations.Nullable;

/**
 * Where the images of a tag go in the BIDS data set.
 *
 * @param datatype {@code anat func dwi fmap perf}; empty where the name of the series has it
 * @param suffix for example {@code T1w}; empty where the name of the series has it
 * @param entities BIDS entity key ({@code task acq ce dir rec run echo part}) to label
 * @param intendedFor tags whose images this field map corrects
 * @param reproIn whether what is not given here is read from the name of the series, which has the form of ReproIn
 * @param aslContext types of the volumes of an ASL series: {@code m0scan} at the beginning once, the others repeated to the end
 * @param metadata fields of the sidecar to their value, each of the type that the BIDS schema gives it
 * @param events which behavioural files are the events of its runs; null: none
 */
public record BidsRule(
        String datatype,
        String suffix,
        Map<String, String> entities,
        List<String> intendedFor,
        boolean reproIn,
        List<String> aslContext,
        Map<String, JsonNode> metadata,
        @Nullable EventsRule events) {

    public BidsRule {
        entities = Map.copyOf(entities);
        intendedFor = List.copyOf(intendedFor);
        aslContext = List.copyOf(aslContext);
        metadata = Map.copyOf(metadata);
    }

    /** A rule with datatype, suffix and entities. */
    public BidsRule(String datatype, String suffix, Map<String, String> entities, List<String> intendedFor) {
        this(datatype, suffix, entities, intendedFor, false, List.of(), Map.of(), null);
    }

    /** Whether a series must have a name in the form of ReproIn. */
    public boolean needsName() {
        return datatype.isEmpty() || suffix.isEmpty() || (datatype.equals("func") && !entities.containsKey("task"));
    }

    /** The rule for a series with that name: what is given here comes before what the name has. */
    public BidsRule named(ReproIn name) {
        Map<String, String> all = new TreeMap<>(name.entities());
        name.findRun().ifPresent(run -> all.put("run", run));
        all.putAll(entities);
        return new BidsRule(
                datatype.isEmpty() ? name.datatype() : datatype,
                suffix.isEmpty() ? name.suffix() : suffix,
                all,
                intendedFor,
                false,
                aslContext,
                metadata,
                events);
    }

    public Optional<EventsRule> findEvents() {
        return Optional.ofNullable(events);
    }

    /** The type of each volume of an ASL series; empty where so many volumes do not follow from the rule. */
    public Optional<List<String>> volumeTypes(long volumes) {
        int once = 0;
        while (once < aslContext.size() && aslContext.get(once).equals("m0scan")) {
            once++;
        }
        List<String> repeated = aslContext.subList(once, aslContext.size());
        long rest = volumes - once;
        if (rest < 0 || (repeated.isEmpty() ? rest != 0 : rest % repeated.size() != 0)) {
            return Optional.empty();
        }
        List<String> types = new ArrayList<>(aslContext.subList(0, once));
        for (int i = 0; i < rest; i++) {
            types.add(repeated.get(i % repeated.size()));
        }
        return Optional.of(types);
    }
}
