package org.datman.local.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.study.RulePreview.Change;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code datman rules}: study rules against the series that a running DATMAN knows. */
@Command(
        name = "rules",
        description = "Study rules against the series that a running DATMAN knows.",
        mixinStandardHelpOptions = true,
        subcommands = RulesCommand.Preview.class)
final class RulesCommand {

    @ParentCommand
    private DatmanCommand datman;

    /** {@code datman rules preview}. */
    @Command(
            name = "preview",
            description = {
                "Prints what a study file would change in the known series: tags, names, measurements, pipelines, sign-offs."
                        + " Nothing is changed or stored.",
                "Exit code 0: no series changes; 1: some do; 2: no preview, for example because the file has faults."
            },
            exitCodeOnExecutionException = 2,
            mixinStandardHelpOptions = true)
    static final class Preview implements Callable<Integer> {

        private static final int OK = 200;
        private static final int FAULTY = 422;

        @ParentCommand
        private RulesCommand rules;

        @Spec
        private CommandSpec spec;

        @Parameters(index = "0", paramLabel = "STUDY.yml", description = "The study file.")
        private Path study;

        @Option(names = "--json", description = "Print the answer of the dashboard as JSON.")
        private boolean json;

        @Option(
                names = "--examples",
                defaultValue = "10",
                description = "Series to print of each kind of change (default: ${DEFAULT-VALUE}).")
        private int examples;

        @Mixin
        private final DashboardAccess dashboard = new DashboardAccess();

        @Override
        public Integer call() throws IOException, InterruptedException {
            PrintWriter out = spec.commandLine().getOut();
            byte[] text = Files.readAllBytes(study);
            String address = "/api/rules/preview?examples=" + examples + "&file="
                    + URLEncoder.encode(study.getFileName().toString(), StandardCharsets.UTF_8);
            HttpResponse<String> answer = dashboard.send(rules.datman.home(), address, "application/yaml", text);
            if (answer.statusCode() == FAULTY) {
                for (JsonNode fault : EventJson.mapper().readTree(answer.body()).path("faults")) {
                    spec.commandLine().getErr().println(fault.asText());
                }
                return 2;
            }
            if (answer.statusCode() != OK) {
                throw new IOException(dashboard.refusal(answer.statusCode(), answer.body()));
            }
            JsonNode totals = EventJson.mapper().readTree(answer.body());
            if (json) {
                out.println(totals.toPrettyString());
            } else {
                print(totals, out);
            }
            return totals.path("same").asBoolean() ? 0 : 1;
        }

        /** The totals for people. */
        static void print(JsonNode totals, PrintWriter out) {
            String before = totals.path("revision").asText();
            out.println("Study " + totals.path("study").asText() + ": revision "
                    + totals.path("candidate").asText() + " compared with "
                    + (before.isEmpty() ? "nothing, the study is new" : "revision " + before + " in force") + ", "
                    + totals.path("series").asLong() + " known series. Nothing is changed.");
            for (Change change : Change.values()) {
                line(out, totals.path("changes").path(change.name()).asLong(), words(change.name()));
            }
            out.println("Of these:");
            line(out, totals.path("renamed").asLong(), "get files with other names");
            line(out, totals.path("withdrawn").asLong(), "lose their files");
            line(out, totals.path("measured").asLong(), "have an image to be measured");
            line(out, totals.path("decisions").asLong(), "have a person's decision that no longer applies");
            line(out, totals.path("assigned").asLong(), "have a tag that a person assigned, which stays");
            line(out, totals.path("notNeeded").asLong(), "of these get the same tag by the rules then");
            line(
                    out,
                    totals.path("assignedLost").asLong(),
                    "are assigned by a person to a tag that is not in the text, and are left without a tag");
            line(out, totals.path("warned").asLong(), "get a warning of a check");
            out.println("Sessions:");
            line(
                    out,
                    totals.path("signOffs").asLong(),
                    "are signed off and get an image that the sign-off does not cover");
            for (Map.Entry<String, JsonNode> run : totals.path("runs").properties()) {
                line(out, run.getValue().asLong(), "have other inputs of pipeline " + run.getKey());
            }
            for (JsonNode example : totals.path("examples")) {
                out.println(words(example.path("change").asText()) + ": "
                        + example.path("session").asText() + " scan "
                        + example.path("scan").asText() + " '"
                        + example.path("description").asText() + "': "
                        + example.path("before").asText() + " -> "
                        + example.path("after").asText());
            }
            out.flush();
        }

        private static String words(String change) {
            return change.toLowerCase(Locale.ROOT).replace('_', ' ');
        }

        private static void line(PrintWriter out, long number, String what) {
            if (number > 0) {
                out.printf("  %9d %s%n", number, what);
            }
        }
    }
}
