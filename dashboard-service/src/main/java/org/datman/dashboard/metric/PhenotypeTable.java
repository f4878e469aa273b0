package org.datman.dashboard.metric;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ToolMeasure;
import org.datman.contracts.naming.DatmanId;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one pipeline as imaging-derived phenotypes: a row for each session, a column for each number, by Nipoppy's specification of
 * IDP files (https://nipoppy.readthedocs.io/en/latest/explanations/idp_spec.html). Names of columns begin with that of the pipeline, so that
 * tables of several pipelines can be joined.
 */
public final class PhenotypeTable {

    /** What a column is: what was measured, where, and in which unit. */
    private record Phenotype(String measure, String region, String unit) {

        private static final Comparator<Phenotype> ORDER = Comparator.comparing(Phenotype::measure)
                .thenComparing(Phenotype::region)
                .thenComparing(Phenotype::unit);

        static Phenotype of(ToolMeasure measure) {
            return new Phenotype(measure.measure(), measure.region(), measure.unit());
        }
    }

    private static final List<String> OF_THE_RUN = List.of("session", "tool_version", "run_key");

    private final String pipeline;
    private final Set<Phenotype> numbers = new LinkedHashSet<>();

    public PhenotypeTable(String pipeline) {
        this.pipeline = pipeline;
    }

    /** Adds the columns of a run's numbers that are not there yet. */
    public void learn(PipelineUpdated run) {
        for (ToolMeasure measure : run.measures().orElse(List.of())) {
            numbers.add(Phenotype.of(measure));
        }
    }

    private String name(String part) {
        return pipeline + "." + part;
    }

    /**
     * The columns of all numbers. Two units, and dots in names of measures and regions, could make two names one: those have their unit in the name, and
     * where that is one, too, a number. It is the same whichever session came first.
     */
    private Map<Phenotype, String> columns() {
        Map<String, Set<Phenotype>> alike = new HashMap<>();
        for (Phenotype number : numbers) {
            alike.computeIfAbsent(plain(number), name -> new TreeSet<>(Phenotype.ORDER))
                    .add(number);
        }
        Set<String> taken = new HashSet<>(alike.keySet());
        OF_THE_RUN.forEach(of -> taken.add(name(of)));
        Map<Phenotype, String> columns = new LinkedHashMap<>();
        Map<Phenotype, String> withUnit = new HashMap<>();
        numbers.stream()
                .filter(number -> alike.getOrDefault(plain(number), Set.of()).size() > 1)
                .sorted(Phenotype.ORDER)
                .forEach(number -> withUnit.put(number, free(plain(number) + "." + number.unit(), taken)));
        numbers.forEach(number -> columns.put(number, withUnit.getOrDefault(number, plain(number))));
        return columns;
    }

    private String plain(Phenotype number) {
        return name(number.measure() + "." + number.region());
    }

    private static String free(String wanted, Set<String> taken) {
        String name = wanted;
        for (int n = 2; !taken.add(name); n++) {
            name = wanted + "." + n;
        }
        return name;
    }

    /** The names of all columns, in their order. */
    public List<String> header() {
        List<String> header = new ArrayList<>(List.of("participant_id", "session_id"));
        OF_THE_RUN.forEach(of -> header.add(name(of)));
        header.addAll(columns().values());
        return header;
    }

    /** What each column is, as BIDS describes columns of tables. */
    public Map<String, Map<String, String>> dictionary() {
        Map<String, Map<String, String>> all = MeasureColumns.dictionary();
        Map<String, Map<String, String>> dictionary = new LinkedHashMap<>();
        for (String index : List.of("participant_id", "session_id")) {
            dictionary.put(index, Optional.ofNullable(all.get(index)).orElseThrow());
        }
        for (String of : OF_THE_RUN) {
            dictionary.put(name(of), Optional.ofNullable(all.get(of)).orElseThrow());
        }
        columns()
                .forEach((number, column) -> dictionary.put(
                        column,
                        MeasureColumns.described(
                                number.measure() + " of " + number.region() + ", computed by pipeline " + pipeline,
                                number.unit())));
        return dictionary;
    }

    /**
     * The row of a run, of which all columns were learned; null where there is no number.
     *
     * @throws IllegalStateException when it has a number that was not learned
     */
    public List<?> row(PipelineUpdated run) {
        Optional<DatmanId> id = MeasureColumns.id(run);
        List<@Nullable Object> row = new ArrayList<>();
        row.add(id.map(DatmanId::bidsSubject).orElse(null));
        row.add(id.map(DatmanId::bidsSession).orElse(null));
        row.add(run.sessionName());
        row.add(run.toolVersion());
        row.add(run.runKey());
        Map<Phenotype, Double> values = new HashMap<>();
        for (ToolMeasure measure : run.measures().orElse(List.of())) {
            Phenotype number = Phenotype.of(measure);
            if (!numbers.contains(number)) {
                throw new IllegalStateException(
                        "Session " + run.sessionName() + " was run again meanwhile, with other numbers");
            }
            values.put(number, measure.value());
        }
        numbers.forEach(number -> row.add(values.get(number)));
        return row;
    }
}
