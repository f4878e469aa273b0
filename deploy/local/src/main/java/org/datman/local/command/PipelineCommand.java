package org.datman.local.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.datman.contracts.archive.RunningLog;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.naming.PercentEncoding;
import org.datman.contracts.study.PipelineRule;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.local.pipeline.ToolCatalogue;
import org.datman.local.pipeline.ToolCatalogue.CatalogueTool;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code datman pipeline}: tools, and their runs. */
@Command(
        name = "pipeline",
        description = {
            "Tools that DATMAN brings, and the runs of a running DATMAN.",
            "Exit code 0: done; 1: done, and something is to be looked at (a failed run, files that differ); 2: not done."
        },
        mixinStandardHelpOptions = true,
        subcommands = {
            PipelineCommand.Tools.class,
            PipelineCommand.Add.class,
            PipelineCommand.Explain.class,
            PipelineCommand.Plan.class,
            PipelineCommand.Run.class,
            PipelineCommand.Cancel.class,
            PipelineCommand.Answer.class,
            PipelineCommand.Pause.class,
            PipelineCommand.Resume.class,
            PipelineCommand.RetryFailed.class,
            PipelineCommand.Logs.class,
            PipelineCommand.Status.class
        })
final class PipelineCommand {

    private static final String JSON = "application/json";
    private static final String FAILED = "FAILED";
    private static final String QUEUED = "QUEUED";
    private static final String RUNNING = "RUNNING";
    private static final long PAUSE_MILLIS = 2000;

    /** Code of the reason with which a step waits for a person. */
    private static final String MANUAL_STEP = "manual-step";

    /** Codes of runs that ended because a person or the rules wanted it. */
    private static final Set<String> ENDED_BY_WISH = Set.of("cancelled-by-person", "withdrawn");

    @ParentCommand
    private DatmanCommand datman;

    private ToolCatalogue catalogue() {
        Path pipelines = datman.home().checkout().resolve("pipelines");
        return new ToolCatalogue(pipelines.resolve("catalogue"), pipelines.resolve("shared"));
    }

    /** A subcommand; its options are those of all of them. */
    private abstract static class Sub implements Callable<Integer> {

        @ParentCommand
        PipelineCommand pipeline;

        @Spec
        CommandSpec spec;

        @Option(names = "--json", description = "Print JSON.")
        boolean json;

        PrintWriter out() {
            return spec.commandLine().getOut();
        }

        int print(JsonNode answer) {
            out().println(answer.toPrettyString());
            out().flush();
            return 0;
        }
    }

    /** A subcommand that asks the dashboard. */
    private abstract static class Asking extends Sub {

        @Mixin
        private final DashboardAccess dashboard = new DashboardAccess();

        JsonNode get(String address) throws IOException, InterruptedException {
            return EventJson.mapper().readTree(text(address));
        }

        String text(String address) throws IOException, InterruptedException {
            return answer(dashboard.send(pipeline.datman.home(), address, null, new byte[0]));
        }

        JsonNode post(String address, Map<String, String> body) throws IOException, InterruptedException {
            byte[] text = EventJson.mapper().writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
            return EventJson.mapper().readTree(answer(dashboard.send(pipeline.datman.home(), address, JSON, text)));
        }

        private String answer(HttpResponse<String> answer) throws IOException {
            if (answer.statusCode() != 200) {
                throw new IOException(dashboard.refusal(answer.statusCode(), answer.body()));
            }
            return answer.body();
        }

        JsonNode runs(String session) throws IOException, InterruptedException {
            return get("/api/runs?session=" + part(session));
        }

        /** The address of a session in the API. */
        static String address(JsonNode run) {
            SessionRef session = SessionRef.of(run.path("session").asText());
            return "/api/sessions/" + part(session.server()) + "/" + part(session.accession());
        }

        /** A name or an accession id may be of several sessions: of another server, or after a deletion. */
        private static void requireOne(String session, JsonNode runs) throws IOException {
            Set<String> sessions = new TreeSet<>();
            runs.forEach(run -> sessions.add(run.path("session").asText()));
            if (sessions.size() > 1) {
                throw new IOException(
                        "'" + session + "' is of several sessions; name one of " + String.join(", ", sessions));
            }
        }

        /** What a pipeline last said of a session. */
        JsonNode run(String session, String pipelineName) throws IOException, InterruptedException {
            List<String> known = new ArrayList<>();
            JsonNode runs = runs(session);
            requireOne(session, runs);
            for (JsonNode run : runs) {
                if (run.path("pipeline").asText().equals(pipelineName)) {
                    return run;
                }
                known.add(run.path("pipeline").asText());
            }
            throw new IOException("Session " + session + " has no pipeline '" + pipelineName + "'; it has "
                    + String.join(", ", known));
        }
    }

    private static String part(String text) {
        return PercentEncoding.encode(text);
    }

    private static String words(JsonNode state) {
        return state.asText().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** The lines of a run for people. */
    private static void explain(PrintWriter out, JsonNode run) {
        out.printf(
                "%s  %s  %s%n", run.path("name").asText(), run.path("pipeline").asText(), words(run.path("state")));
        if (!run.path("reason").asText().isEmpty()) {
            out.println("    " + run.path("reason").asText());
        }
        if (!run.path("action").asText().isEmpty()) {
            out.println("    -> " + run.path("action").asText());
        }
        if (run.path("code").asText().equals(MANUAL_STEP)) {
            out.println("    key of these files: " + run.path("runKey").asText());
        }
    }

    /** {@code datman pipeline list}. */
    @Command(
            name = "list",
            description = {
                "Lists the tools that DATMAN brings, and which studies use them.",
                "Exit code 0: done; 1: a study file has faults, so that what it uses is not known; 2: no answer."
            },
            exitCodeOnExecutionException = 2,
            mixinStandardHelpOptions = true)
    static final class Tools extends Sub {

        @Option(names = "--config", description = "Folder of study files (default: that of this installation).")
        private @Nullable Path config;

        @Override
        public Integer call() throws IOException {
            Path folder = config == null ? pipeline.datman.home().studies() : config;
            if (config != null && !Files.isDirectory(config)) {
                throw new IOException(config + " is no folder; give that of the study files with --config");
            }
            // Before the first start there is none yet.
            StudyConfigurations configurations =
                    Files.isDirectory(folder) ? StudyConfigurations.load(folder) : StudyConfigurations.of(List.of());
            List<StudyConfiguration> studies =
                    List.copyOf(configurations.valid().values());
            ArrayNode all = EventJson.mapper().createArrayNode();
            for (CatalogueTool tool : pipeline.catalogue().tools()) {
                ObjectNode one = all.addObject();
                one.put("name", tool.name());
                one.put("version", tool.version());
                one.put("description", tool.description());
                ArrayNode users = one.putArray("usedBy");
                for (StudyConfiguration study : studies) {
                    for (PipelineRule rule : study.pipelines()) {
                        Path descriptor = Path.of(rule.descriptor());
                        if (descriptor.getFileName().toString().equals(tool.name() + ".json")) {
                            users.add(study.code() + "/" + rule.name());
                        }
                    }
                }
            }
            // A study with a fault may use a tool, too.
            configurations.errors().forEach(fault -> spec.commandLine()
                    .getErr()
                    .println("datman pipeline: a study is left out: " + fault));
            spec.commandLine().getErr().flush();
            int code = configurations.errors().isEmpty() ? 0 : 1;
            if (json) {
                print(all);
                return code;
            }
            for (JsonNode tool : all) {
                List<String> users = new ArrayList<>();
                tool.path("usedBy").forEach(user -> users.add(user.asText()));
                out().printf(
                                "%-24s %-10s %s%n",
                                tool.path("name").asText(),
                                tool.path("version").asText(),
                                users.isEmpty() ? "not used" : "used by " + String.join(", ", users));
                out().println("    " + tool.path("description").asText());
            }
            out().flush();
            return code;
        }
    }

    /** {@code datman pipeline add}. */
    @Command(
            name = "add",
            description = {
                "Copies a tool that DATMAN brings, with those whose outputs its rule uses, into a configuration folder, and prints the lines",
                "for the study file.",
                "Files that are there and differ stay as they are, unless --replace is given: then exit code 1, and their names."
            },
            exitCodeOnExecutionException = 2,
            mixinStandardHelpOptions = true)
    static final class Add extends Sub {

        @Parameters(index = "0", paramLabel = "NAME", description = "As './datman pipeline list' has it.")
        private String name;

        @Option(names = "--config", description = "Folder of study files (default: that of this installation).")
        private @Nullable Path config;

        @Option(names = "--replace", description = "Replace files that differ.")
        private boolean replace;

        @Override
        public Integer call() throws IOException {
            ToolCatalogue catalogue = pipeline.catalogue();
            Path folder = config == null ? pipeline.datman.home().studies() : config;
            if (!catalogue.has(name)) {
                throw new IOException("There is no tool '" + name + "'; there are "
                        + String.join(
                                ", ",
                                catalogue.tools().stream()
                                        .map(CatalogueTool::name)
                                        .toList()));
            }
            if (!Files.isDirectory(folder)) {
                throw new IOException(folder + " is no folder; give that of the study files with --config");
            }
            List<String> tools = catalogue.withSources(name);
            ToolCatalogue.Copy copy = catalogue.compare(tools, folder);
            List<Path> written = new ArrayList<>(copy.missing());
            if (replace) {
                written.addAll(copy.different());
            }
            boolean left = !replace && !copy.different().isEmpty();
            if (!left) {
                catalogue.copy(folder, written);
            }
            String rule = catalogue.rule(name);
            if (json) {
                ObjectNode answer = EventJson.mapper().createObjectNode();
                answer.put("folder", folder.toString());
                ArrayNode all = answer.putArray("tools");
                tools.forEach(all::add);
                ArrayNode files = answer.putArray("written");
                (left ? List.<Path>of() : written).forEach(file -> files.add(file.toString()));
                ArrayNode different = answer.putArray("different");
                copy.different().forEach(file -> different.add(file.toString()));
                answer.put("rule", rule);
                print(answer);
                return left ? 1 : 0;
            }
            if (left) {
                out().println("Nothing was copied: these files in " + folder
                        + " differ from those of DATMAN; with --replace they are replaced");
                copy.different().forEach(file -> out().println("  " + file));
                out().flush();
                return 1;
            }
            if (written.isEmpty()) {
                out().println(folder + " has " + String.join(", ", tools) + " already");
            }
            for (String tool : tools) {
                long files =
                        written.stream().filter(file -> file.startsWith(tool)).count();
                if (files > 0) {
                    out().println(files + " file(s) copied to " + folder.resolve(tool));
                }
            }
            out().println("Put this into the study file, with the tags of the study:");
            out().println();
            out().println(rule);
            out().flush();
            return 0;
        }
    }

    /** {@code datman pipeline explain}. */
    @Command(
            name = "explain",
            description = {
                "Says of each pipeline of a session whether it ran, and why not.",
                "Exit code 0: none failed but what was cancelled or withdrawn; 1: some did; 2: no answer."
            },
            exitCodeOnExecutionException = 2,
            mixinStandardHelpOptions = true)
    static final class Explain extends Asking {

        @Parameters(
                index = "0",
                paramLabel = "SESSION",
                description = "Name of the session, its accession id, or server/accession.")
        private String session;

        @Override
        public Integer call() throws IOException, InterruptedException {
            JsonNode runs = runs(session);
            boolean failed = false;
            for (JsonNode run : runs) {
                failed |= run.path("state").asText().equals(FAILED)
                        && !ENDED_BY_WISH.contains(run.path("code").asText());
                if (!json) {
                    explain(out(), run);
                }
            }
            if (json) {
                print(runs);
            }
            out().flush();
            return failed ? 1 : 0;
        }
    }

    /** {@code datman pipeline plan}. */
    @Command(
            name = "plan",
            description = {
                "Says for each session of a study what is queued or running, and what waits for what.",
                "With a changed study file: what it would start, stop and make out of date; nothing is started."
            },
            exitCodeOnExecutionException = 2,
            mixinStandardHelpOptions = true)
    static final class Plan extends Asking {

        @Parameters(index = "0", paramLabel = "STUDY", description = "Code of the study.")
        private String study;

        @Option(names = "--with", paramLabel = "FILE", description = "A changed study file, which is not in place yet.")
        private @Nullable Path changed;

        @Override
        public Integer call() throws IOException, InterruptedException {
            if (changed != null) {
                return preview(changed);
            }
            JsonNode runs = get("/api/runs?study=" + part(study) + "&state=RUNNING&state=QUEUED&state=WAITING");
            if (json) {
                return print(runs);
            }
            long underWay = 0;
            for (JsonNode run : runs) {
                explain(out(), run);
                boolean waits = run.path("state").asText().equals("WAITING");
                underWay += waits ? 0 : 1;
            }
            out().println(underWay + " queued or running, " + (runs.size() - underWay) + " waiting");
            out().flush();
            return 0;
        }

        /** Asks the pipeline service of this machine: it has the tools and the datasets by which it would decide. */
        private int preview(Path file) throws IOException, InterruptedException {
            JsonNode preview = PipelinePreviewRequest.send(pipeline.datman.home(), file);
            if (!preview.path("study").asText().equals(study)) {
                throw new IOException(
                        file + " is of study " + preview.path("study").asText() + ", not of " + study);
            }
            if (json) {
                return print(preview);
            }
            PipelinePreviewRequest.lines(preview).forEach(out()::println);
            out().flush();
            return 0;
        }
    }

    /** {@code datman pipeline run}. */
    @Command(
            name = "run",
            description = "Runs pipelines of a session again, as 'Run again' on its page does.",
            exitCodeOnExecutionException = 2,
            mixinStandardHelpOptions = true)
    static final class Run extends Asking {

        @Parameters(
                index = "0",
                paramLabel = "SESSION",
                description = "Name of the session, its accession id, or server/accession.")
        private String session;

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "PIPELINE", description = "Names of its pipelines.")
        private List<String> pipelines;

        @Override
        public Integer call() throws IOException, InterruptedException {
            ArrayNode requests = EventJson.mapper().createArrayNode();
            for (String name : pipelines) {
                requests.add(post(address(run(session, name)) + "/pipelines/" + part(name) + "/run", Map.of()));
                if (!json) {
                    out().println("Requested: " + name + " of " + session);
                }
            }
            if (json) {
                print(requests);
            }
            out().flush();
            return 0;
        }
    }

    /** {@code datman pipeline cancel}. */
    @Command(
            name = "cancel",
            description =
                    "Cancels a run that is queued or running. It is not started again by itself, unless its inputs change.",
            exitCodeOnExecutionException = 2,
            mixinStandardHelpOptions = true)
    static final class Cancel extends Asking {

        @Parameters(
                index = "0",
                paramLabel = "SESSION",
                description = "Name of the session, its accession id, or server/accession.")
        private String session;

        @Parameters(index = "1", paramLabel = "PIPELINE", description = "Name of the pipeline.")
        private String name;

        @Option(names = "--reason", required = true, description = "Why; it is kept. No names, no health data.")
        private String reason;

        @Override
        public Integer call() throws IOException, InterruptedException {
            JsonNode event = post(
                    address(run(session, name)) + "/pipelines/" + part(name) + "/cancel", Map.of("reason", reason));
            if (json) {
                return print(event);
            }
            out().println("Cancelled: " + name + " of " + session + " ends within seconds");
            out().flush();
            return 0;
        }
    }

    /** {@code datman pipeline answer}. */
    @Command(
            name = "answer",
            description = {
                "Answers a manual step of a session: its files are good, corrected ones replace them, or it is asked again.",
                "The first two are of the files with the key that 'explain' prints: others that came meanwhile were not looked at."
            },
            exitCodeOnExecutionException = 2,
            mixinStandardHelpOptions = true)
    static final class Answer extends Asking {

        @Parameters(
                index = "0",
                paramLabel = "SESSION",
                description = "Name of the session, its accession id, or server/accession.")
        private String session;

        @Parameters(index = "1", paramLabel = "STEP", description = "Name of the manual step.")
        private String name;

        @Parameters(
                index = "2",
                paramLabel = "ANSWER",
                description =
                        "accepted: the files are good; corrected: take those that are in the archive at the places that 'explain' names, of a step with an input that is one file; reopened: ask again.")
        private String answer;

        @Option(
                names = "--of",
                paramLabel = "KEY",
                description =
                        "For accepted and corrected: the key of the files that were looked at, as 'explain' prints it.")
        private @Nullable String key;

        @Override
        public Integer call() throws IOException, InterruptedException {
            String given = answer.toUpperCase(Locale.ROOT);
            boolean reopened = given.equals("REOPENED");
            if (reopened == (key != null)) {
                throw new IOException(
                        reopened
                                ? "--of is for accepted and corrected: 'reopened' asks again whatever was answered last"
                                : "Look at the files, and name them with --of and the key that './datman pipeline explain "
                                        + session + "' prints");
            }
            String address = address(run(session, name));
            JsonNode event = post(
                    address + "/pipelines/" + part(name) + "/answer",
                    Map.of("answer", given, "runKey", key == null ? answered(address) : key));
            if (json) {
                return print(event);
            }
            out().println("Answered: " + name + " of " + session);
            out().flush();
            return 0;
        }

        /** The key of the answer that holds; a step that has run has another one of its own. */
        private String answered(String address) throws IOException, InterruptedException {
            for (JsonNode last : get(address).path("answers")) {
                if (last.path("pipeline").asText().equals(name)) {
                    return last.path("runKey").asText();
                }
            }
            throw new IOException("No answer to " + name + " holds for session " + session);
        }
    }

    /** The pipeline of a study that is paused or goes on. */
    private abstract static class OfStudy extends Asking {

        @Parameters(index = "0", paramLabel = "STUDY", description = "Code of the study.")
        String study;

        @Parameters(index = "1", paramLabel = "PIPELINE", description = "Name of the pipeline in the study file.")
        String name;

        String address() {
            return "/api/studies/" + part(study) + "/pipelines/" + part(name);
        }

        int decide(String decision, String reason, String done) throws IOException, InterruptedException {
            JsonNode event = post(address() + "/pause", Map.of("decision", decision, "reason", reason));
            if (json) {
                return print(event);
            }
            out().println(done);
            out().flush();
            return 0;
        }
    }

    /** {@code datman pipeline pause}. */
    @Command(
            name = "pause",
            description = "Pauses a pipeline of a study: none of its runs starts; those under way go on.",
            exitCodeOnExecutionException = 2,
            mixinStandardHelpOptions = true)
    static final class Pause extends OfStudy {

        @Option(names = "--reason", required = true, description = "Why; it is kept. No names, no health data.")
        private String reason;

        @Override
        public Integer call() throws IOException, InterruptedException {
            return decide("PAUSED", reason, "Paused: no run of " + name + " of study " + study + " starts");
        }
    }

    /** {@code datman pipeline resume}. */
    @Command(
            name = "resume",
            description = "Lets a paused pipeline of a study go on.",
            exitCodeOnExecutionException = 2,
            mixinStandardHelpOptions = true)
    static final class Resume extends OfStudy {

        @Option(names = "--reason", required = true, description = "Why; it is kept. No names, no health data.")
        private String reason;

        @Override
        public Integer call() throws IOException, InterruptedException {
            return decide("RESUMED", reason, "Resumed: runs of " + name + " of study " + study + " start again");
        }
    }

    /** {@code datman pipeline retry-failed}. */
    @Command(
            name = "retry-failed",
            description = {
                "Lists the failed runs of a pipeline; with --yes runs exactly these again.",
                "Exit code 0: none failed, or they are requested; 1: some failed, and nothing was requested; 2: no answer."
            },
            exitCodeOnExecutionException = 2,
            mixinStandardHelpOptions = true)
    static final class RetryFailed extends OfStudy {

        @Option(names = "--yes", description = "Run them again.")
        private boolean yes;

        @Override
        public Integer call() throws IOException, InterruptedException {
            JsonNode failed = get(address() + "/failed");
            JsonNode runs = failed.path("runs");
            if (!json) {
                runs.forEach(run -> explain(out(), run));
            }
            if (!yes || runs.isEmpty()) {
                if (json) {
                    print(failed);
                } else {
                    out().println(runs.size() + " failed" + (runs.isEmpty() ? "" : "; with --yes they are run again"));
                }
                out().flush();
                return runs.isEmpty() ? 0 : 1;
            }
            JsonNode requests = post(
                    address() + "/retry-failed",
                    Map.of("until", failed.path("until").asText()));
            if (json) {
                return print(requests);
            }
            out().println(requests.size() + " run(s) requested again");
            out().flush();
            return 0;
        }
    }

    /** {@code datman pipeline logs}. */
    @Command(
            name = "logs",
            description = {
                "Prints the end of the logs of the newest run of a pipeline that has some.",
                "With --follow, prints what the run under way writes until it ends, if there is one.",
                "Exit code 0: printed; 1: there is none yet, or the run that was followed failed; 2: no answer."
            },
            exitCodeOnExecutionException = 2,
            mixinStandardHelpOptions = true)
    static final class Logs extends Asking {

        @Parameters(
                index = "0",
                paramLabel = "SESSION",
                description = "Name of the session, its accession id, or server/accession.")
        private String session;

        @Parameters(index = "1", paramLabel = "PIPELINE", description = "Name of the pipeline.")
        private String name;

        @Option(names = "-n", defaultValue = "40", description = "Lines of each log (default: ${DEFAULT-VALUE}).")
        private int lines;

        @Option(names = "--follow", description = "Prints what a run under way writes, until it ends.")
        private boolean follow;

        @Override
        public Integer call() throws IOException, InterruptedException {
            if (follow) {
                JsonNode run = run(session, name);
                if (run.path("state").asText().equals(RUNNING)) {
                    return follow(run.path("session").asText());
                }
            }
            ArrayNode logs = EventJson.mapper().createArrayNode();
            for (JsonNode file : logs(session)) {
                logs.add(log(file.path("path").asText()));
            }
            if (json) {
                print(logs);
                return logs.isEmpty() ? 1 : 0;
            }
            for (JsonNode log : logs) {
                out().println("==> " + log.path("path").asText());
                log.path("lines").forEach(line -> out().println(line.asText()));
            }
            if (logs.isEmpty()) {
                out().println("No run of " + name + " of " + session + " has ended with a log yet");
            }
            out().flush();
            return logs.isEmpty() ? 1 : 0;
        }

        /** Until it has ended for good: one that is to be started again goes on. */
        private int follow(String of) throws IOException, InterruptedException {
            Map<String, Long> seen = new HashMap<>();
            String last = "";
            String said = "";
            int attempt = 0;
            while (true) {
                JsonNode shown = get("/api/runs/log?session=" + part(of) + "&pipeline=" + part(name));
                if (json) {
                    out().println(shown);
                } else if (!shown.path("log").isNull()) {
                    RunningLog log = EventJson.mapper().convertValue(shown.path("log"), RunningLog.class);
                    attempt = log.attempt();
                    last = print(log, seen, last);
                }
                String state = shown.at("/run/state").asText();
                boolean ended = !state.equals(RUNNING) && !state.equals(QUEUED);
                String words = "==> " + words(shown.at("/run/state")) + ": "
                        + shown.at("/run/reason").asText();
                if (ended && !json) {
                    printRest(of, Math.max(attempt, shown.at("/run/attempt").asInt()), seen, last);
                }
                if (!state.equals(RUNNING) && !json && !words.equals(said)) {
                    out().println(words);
                    said = words;
                }
                out().flush();
                if (ended) {
                    return state.equals(FAILED) ? 1 : 0;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }

        /** @return of which log the last line is */
        private String print(RunningLog log, Map<String, Long> seen, String before) {
            String last = before;
            for (RunningLog.Part part : log.logs()) {
                long until = seen.getOrDefault(key(log.attempt(), part.name()), 0L);
                String fresh = part.since(until);
                seen.put(key(log.attempt(), part.name()), part.size());
                if (part.leftOut(until) > 0) {
                    fresh = "… " + part.leftOut(until) + " bytes are left out\n" + fresh;
                }
                last = print(log.attempt(), part.name(), fresh, last);
            }
            return last;
        }

        private String print(int attempt, String log, String fresh, String last) {
            if (fresh.isEmpty()) {
                return last;
            }
            String key = key(attempt, log);
            if (!key.equals(last)) {
                out().println("==> " + log + " of attempt " + attempt);
            }
            out().print(fresh);
            return key;
        }

        /** Another attempt begins again. */
        private static String key(int attempt, String log) {
            return attempt + " " + log;
        }

        /** What a run wrote at its end: its logs are in the archive by then. */
        private void printRest(String of, int attempt, Map<String, Long> seen, String before)
                throws IOException, InterruptedException {
            String last = before;
            for (JsonNode file : logs(of)) {
                String path = file.path("path").asText();
                for (String log : List.of("stdout", "stderr")) {
                    if (path.endsWith("attempt-" + attempt + "." + log + ".txt")) {
                        byte[] all = stored(path).getBytes(StandardCharsets.UTF_8);
                        int from = (int) Math.min(all.length, seen.getOrDefault(key(attempt, log), 0L));
                        String rest =
                                RunningLog.plain(new String(all, from, all.length - from, StandardCharsets.UTF_8));
                        last = print(attempt, log, rest, last);
                    }
                }
            }
        }

        /** The stored logs of the newest run that has some. */
        private List<JsonNode> logs(String of) throws IOException, InterruptedException {
            for (JsonNode run : get(address(run(of, name))).path("runs")) {
                List<JsonNode> logs = new ArrayList<>();
                run.path("outputs").forEach(file -> {
                    if (file.path("role").asText().equals(FileRole.LOG.key())) {
                        logs.add(file);
                    }
                });
                if (run.path("pipeline").asText().equals(name) && !logs.isEmpty()) {
                    return logs;
                }
            }
            return List.of();
        }

        private String stored(String path) throws IOException, InterruptedException {
            List<String> parts = new ArrayList<>();
            for (String one : path.split("/", -1)) {
                parts.add(part(one));
            }
            return text("/files/" + String.join("/", parts));
        }

        private ObjectNode log(String path) throws IOException, InterruptedException {
            List<String> all = stored(path).lines().toList();
            ObjectNode log = EventJson.mapper().createObjectNode();
            log.put("path", path);
            ArrayNode end = log.putArray("lines");
            all.subList(Math.max(0, all.size() - Math.max(0, lines)), all.size())
                    .forEach(end::add);
            return log;
        }
    }

    /** {@code datman pipeline status}. */
    @Command(
            name = "status",
            description = {
                "Says of each pipeline of a study how many sessions wait, are queued, running, done and failed.",
                "Exit code 0: none failed; 1: some did; 2: no answer."
            },
            exitCodeOnExecutionException = 2,
            mixinStandardHelpOptions = true)
    static final class Status extends Asking {

        @Parameters(index = "0", paramLabel = "STUDY", description = "Code of the study.")
        private String study;

        @Override
        public Integer call() throws IOException, InterruptedException {
            JsonNode pipelines = get("/api/studies/" + part(study) + "/pipelines");
            boolean failed = false;
            for (JsonNode one : pipelines) {
                failed |= one.path("failed").asLong() > 0;
                if (!json) {
                    JsonNode in = one.path("sessions");
                    out().printf(
                                    "%-24s waiting %d, queued %d, running %d, succeeded %d, failed %d%n",
                                    one.path("name").asText(),
                                    in.path("WAITING").asLong(),
                                    in.path(QUEUED).asLong(),
                                    in.path("RUNNING").asLong(),
                                    in.path("SUCCEEDED").asLong(),
                                    one.path("failed").asLong());
                    JsonNode paused = one.path("paused");
                    if (paused.isObject()) {
                        out().println("    paused by "
                                + paused.path("decidedBy").asText() + ": "
                                + paused.path("reason").asText());
                    }
                }
            }
            if (json) {
                print(pipelines);
            }
            out().flush();
            return failed ? 1 : 0;
        }
    }
}
