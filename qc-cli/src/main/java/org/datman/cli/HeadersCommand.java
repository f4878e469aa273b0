package org.datman.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.datman.contracts.study.Tolerance;
import org.datman.header.FieldTable;
import org.datman.header.HeaderComparison;
import org.datman.header.HeaderFiles;
import org.datman.header.Parameter;
import org.datman.header.ParameterRecord;
import org.datman.header.Value;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares the headers of two DICOM files, two sidecars or two series folders. */
@Command(
        name = "headers",
        mixinStandardHelpOptions = true,
        description = "Compares two DICOM files, two sidecars or two folders with one series each.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no difference that matters",
            "1:differences of severity flag or warn",
            "2:wrong arguments, or something cannot be read or written"
        })
public final class HeadersCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final int WIDEST_CELL = 34;

    @Parameters(index = "0", paramLabel = "A", description = "What is expected: DICOM, sidecar or folder.")
    private Path a;

    @Parameters(index = "1", paramLabel = "B", description = "What is there: DICOM, sidecar or folder.")
    private Path b;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the comparison as JSON.")
    private @Nullable Path json;

    @Option(names = "--all", description = "Prints fields that agree, too.")
    private boolean all;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(new CommandLine(new HeadersCommand()).execute(args));
    }

    @Override
    public Integer call() {
        ParameterRecord expected;
        ParameterRecord actual;
        try {
            expected = HeaderFiles.read(a);
            actual = HeaderFiles.read(b);
        } catch (IOException e) {
            return wrong(e.getMessage());
        }
        List<HeaderComparison.Row> rows = HeaderComparison.compare(expected, actual, HeaderComparison.Rules.TABLE);
        boolean differ = rows.stream().anyMatch(HeaderComparison.Row::matters);
        boolean contradicts = matters(expected) || matters(actual);
        print(rows, expected, actual);
        if (json != null) {
            try {
                JSON.writeValue(json.toFile(), report(rows, expected, actual, !differ && !contradicts));
            } catch (IOException e) {
                return wrong(json + " cannot be written: " + e.getMessage());
            }
        }
        return differ || contradicts ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    private static boolean matters(ParameterRecord header) {
        return header.conflicts().stream()
                .anyMatch(conflict -> conflict.field().severity().matters());
    }

    private void print(List<HeaderComparison.Row> rows, ParameterRecord expected, ParameterRecord actual) {
        PrintWriter console = spec.commandLine().getOut();
        String format = "%-34s %-15s %-6s %-34s %-34s %-24s %s%n";
        console.printf(Locale.ROOT, format, "field", "outcome", "severity", "A", "B", "difference", "source");
        int shown = 0;
        for (HeaderComparison.Row row : rows) {
            if (all || row.outcome() != HeaderComparison.Outcome.MATCH) {
                shown++;
                console.printf(
                        Locale.ROOT,
                        format,
                        row.name() + unit(row.name()),
                        row.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        row.severity().key(),
                        cell(row.expected()),
                        cell(row.actual()),
                        row.delta(),
                        String.join(", ", sources(row)));
            }
        }
        conflicts(console, "A", expected);
        conflicts(console, "B", actual);
        long mattering = rows.stream().filter(HeaderComparison.Row::matters).count();
        console.println(rows.size() + " fields compared, " + (rows.size() - shown) + " not shown, " + mattering
                + " differ so that it matters");
        console.flush();
    }

    private static void conflicts(PrintWriter console, String side, ParameterRecord header) {
        header.remarks().forEach(remark -> console.println(side + ": " + remark));
        header.conflicts()
                .forEach(conflict -> console.println(side + " contradicts itself in "
                        + conflict.field().name() + " ("
                        + conflict.field().severity().key() + "): "
                        + String.join("; ", conflict.statements())));
    }

    private static List<String> sources(HeaderComparison.Row row) {
        return Stream.of(row.actual(), row.expected())
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow()
                .sources();
    }

    private static String unit(String name) {
        return FieldTable.field(name)
                .filter(field -> !field.unit().isEmpty())
                .map(field -> " [" + field.unit() + "]")
                .orElse("");
    }

    /** Header text is untrusted: control characters must not reach a terminal. */
    private static String cell(@Nullable Parameter parameter) {
        String text = Optional.ofNullable(parameter)
                .map(Parameter::value)
                .map(Value::text)
                .orElse("-")
                .replaceAll("\\p{Cntrl}", "?");
        return text.length() <= WIDEST_CELL ? text : text.substring(0, WIDEST_CELL - 1) + "…";
    }

    private ObjectNode report(
            List<HeaderComparison.Row> rows, ParameterRecord expected, ParameterRecord actual, boolean equal) {
        ObjectNode report = JSON.createObjectNode();
        report.put("equal", equal);
        ArrayNode fields = report.putArray("fields");
        for (HeaderComparison.Row row : rows) {
            ObjectNode one = fields.addObject();
            one.put("field", row.name());
            one.put(
                    "unit",
                    FieldTable.field(row.name()).map(field -> field.unit()).orElse(""));
            one.put("outcome", row.outcome().name());
            one.put("severity", row.severity().key());
            one.put("delta", row.delta());
            if (!row.tolerance().equals(Tolerance.NONE)) {
                one.put("absoluteTolerance", row.tolerance().absolute());
                one.put("relativeTolerance", row.tolerance().relative());
            }
            side(one, "expected", row.expected());
            side(one, "actual", row.actual());
        }
        conflicts(report.putArray("conflictsOfA"), expected);
        conflicts(report.putArray("conflictsOfB"), actual);
        ArrayNode remarksOfA = report.putArray("remarksOfA");
        expected.remarks().forEach(remarksOfA::add);
        ArrayNode remarksOfB = report.putArray("remarksOfB");
        actual.remarks().forEach(remarksOfB::add);
        return report;
    }

    private static void side(ObjectNode row, String name, @Nullable Parameter parameter) {
        if (parameter == null) {
            row.putNull(name);
            return;
        }
        ObjectNode side = row.putObject(name);
        ArrayNode values = side.putArray("values");
        if (parameter.value() instanceof Value.Numbers numbers) {
            numbers.all().forEach(values::add);
        } else {
            ((Value.Texts) parameter.value()).all().forEach(values::add);
        }
        ArrayNode sources = side.putArray("sources");
        parameter.sources().forEach(sources::add);
    }

    private static void conflicts(ArrayNode to, ParameterRecord header) {
        header.conflicts().forEach(conflict -> {
            ObjectNode one = to.addObject();
            one.put("field", conflict.field().name());
            one.put("severity", conflict.field().severity().key());
            ArrayNode statements = one.putArray("statements");
            conflict.statements().forEach(statements::add);
        });
    }

    private int wrong(@Nullable String message) {
        spec.commandLine().getErr().println("headers: " + message);
        return CommandLine.ExitCode.USAGE;
    }
}
