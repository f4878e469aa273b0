package org.datman.pipeline.runner;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.datman.pipeline.runner.JobRunner.AwayException;
import org.datman.pipeline.runner.JobRunner.Cause;
import org.datman.pipeline.runner.JobRunner.Command;
import org.datman.pipeline.runner.JobRunner.RefusedException;
import org.datman.pipeline.runner.JobRunner.Usage;
import org.datman.pipeline.runner.SchedulerProgram.Answer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * Grid Engine by its programs {@code qsub}, {@code qstat} and {@code qdel}. Why a job was killed only {@code qacct} knows.
 *
 * <p>States: qstat(1). Failures: accounting(5) and sge_status(5).
 */
final class Sge implements Scheduler {

    private static final Logger LOG = Logger.getLogger(Sge.class);

    static final String NAME = "sge";

    private static final SchedulerPrograms.Words WORDS = new SchedulerPrograms.Words(
            List.of(
                    "unable to send message to qmaster",
                    "unable to contact qmaster",
                    "commlib error",
                    "failed receiving gdi request",
                    "can't connect to service",
                    "got no connection"),
            List.of("jobs are allowed per user", "jobs are allowed per cluster"));
    /** "qmaster enforced h_rt, h_cpu, or h_vmem limit", and the same by a node. */
    private static final int LIMIT = 37;
    /** "assumedly after job": a signal ended its script. */
    private static final int KILLED = 100;

    private static final String ENDED = "z";
    private static final Pattern SECONDS = Pattern.compile("\\bh_rt=(\\d+)");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
    private static final Pattern ERROR = Pattern.compile("error reason\\s+\\d+:\\s*(.*)");

    private final SchedulerPrograms program;
    private final String account;
    private final String parallelEnvironment;
    private final String memory;
    private final List<String> options;

    /**
     * @param account name of this service's account
     * @param parallelEnvironment in which all slots of a job are on one node; empty where there is none: then a job has one core
     * @param memory resource by which memory is asked for, for each slot: {@code h_vmem}
     * @param options further ones of {@code qsub}, such as {@code -q long.q}
     */
    Sge(SchedulerPrograms program, String account, String parallelEnvironment, String memory, List<String> options) {
        this.program = program;
        this.account = account;
        this.parallelEnvironment = parallelEnvironment;
        this.memory = memory;
        this.options = options.stream()
                .flatMap(option -> Stream.of(option.strip().split("\\s+")))
                .toList();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String question() {
        return "qstat";
    }

    @Override
    public void submit(String job, Path script, Path log, Command command) throws RefusedException, IOException {
        int cores = ToolEnvironment.cores(command);
        if (cores > 1 && parallelEnvironment.isEmpty()) {
            throw new RefusedException("the tool needs " + cores
                    + " cores, and no parallel environment is named (datman.pipelines.sge.parallel-environment)");
        }
        List<String> line = new ArrayList<>(List.of(
                "qsub",
                "-terse",
                // No line of the script is read as options: it has arguments of tools.
                "-C",
                "",
                "-S",
                "/bin/sh",
                // The jobs table decides about a second run, and counts it.
                "-r",
                "n",
                // What no queue can ever run is refused instead of waiting for ever.
                "-w",
                "e",
                "-N",
                job,
                "-j",
                "y",
                "-o",
                log.toString(),
                "-wd",
                command.folder().toString(),
                "-l",
                "h_rt=" + Math.max(1, command.walltime().toSeconds())));
        Double gigabytes = command.resources().ramGigabytes();
        if (gigabytes != null) {
            line.add("-l");
            line.add(memory + "=" + Math.max(1, (long) Math.ceil(gigabytes * 1024 / cores)) + "M");
        }
        if (cores > 1) {
            line.addAll(List.of("-pe", parallelEnvironment, Integer.toString(cores)));
        }
        line.addAll(options);
        line.add(script.toString());
        // A limit of the whole cluster is lifted by the end of anybody's job.
        WORDS.submitted(program.run(line), () -> true);
    }

    @Override
    public void cancel(String job) throws IOException {
        Answer answer = program.run(List.of("qdel", "-u", account, job));
        // A job that is not there is no error; qdel ends alike when the qmaster does not answer.
        if (answer.exitCode() != 0) {
            State there = jobs().get(job);
            if (there != null && there.ended() == null) {
                throw new AwayException(answer.words());
            }
        }
    }

    @Override
    public Map<String, State> jobs() throws IOException {
        Answer answer = program.run(List.of("qstat", "-xml", "-s", "prsz", "-u", account));
        if (answer.exitCode() != 0) {
            throw new AwayException(answer.words());
        }
        Map<String, State> jobs = new HashMap<>();
        for (Map.Entry<String, State> job : parse(answer.out())) {
            jobs.merge(
                    job.getKey(),
                    isInError(job.getValue()) ? explained(job.getValue()) : job.getValue(),
                    // Of two jobs of one name only the first runs the tool: see ClusterScript.
                    (one, other) -> one.ended() == null ? one : other);
        }
        return jobs;
    }

    private static boolean isInError(State state) {
        return state.ended() == Cause.LOST;
    }

    /** A job in error waits until a person looks at it, and only a question about it says what for. */
    private State explained(State state) throws IOException {
        Matcher reason =
                ERROR.matcher(program.run(List.of("qstat", "-j", state.id())).out());
        return reason.find()
                ? new State(
                        state.id(),
                        state.ended(),
                        state.exitCode(),
                        state.detail() + " " + reason.group(1).strip(),
                        state.host())
                : state;
    }

    /** The jobs that {@code qstat -xml} lists, by name. */
    static List<Map.Entry<String, State>> parse(String xml) throws AwayException {
        List<Map.Entry<String, State>> jobs = new ArrayList<>();
        for (Node node = document(xml).getDocumentElement().getFirstChild();
                node != null;
                node = node.getNextSibling()) {
            for (Node each = node.getFirstChild(); each != null; each = each.getNextSibling()) {
                if (each instanceof Element job && job.getTagName().equals("job_list")) {
                    String queue = text(job, "queue_name");
                    String state = text(job, "state");
                    jobs.add(Map.entry(
                            text(job, "JB_name"),
                            new State(
                                    text(job, "JB_job_number"),
                                    cause(state),
                                    -1,
                                    state,
                                    queue.substring(queue.indexOf('@') + 1))));
                }
            }
        }
        return jobs;
    }

    private static Document document(String xml) throws AwayException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("The XML parser of the JDK has no secure processing", e);
        } catch (SAXException | IOException e) {
            throw new AwayException("The answer of qstat is no XML: " + e.getMessage());
        }
    }

    private static String text(Element job, String name) {
        Node first = job.getElementsByTagName(name).item(0);
        return first == null ? "" : first.getTextContent().strip();
    }

    private static @Nullable Cause cause(String state) {
        if (state.equals(ENDED)) {
            return Cause.EXITED;
        }
        return state.contains("E") ? Cause.LOST : null;
    }

    @Override
    public Optional<State> ended(String job) {
        try {
            Answer answer = program.run(List.of("qacct", "-o", account, "-j", job));
            return answer.exitCode() == 0 ? record(answer.out()) : Optional.empty();
        } catch (IOException none) {
            LOG.warnf("Why a job ended is not known without accounts job=%s error=%s", job, none.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public Optional<Usage> used(String job, Instant since) throws IOException {
        Answer answer = program.run(List.of("qacct", "-o", account, "-j", job));
        return answer.exitCode() == 0 ? accounted(answer.out()) : Optional.empty();
    }

    /** CPU time only, and no 0, which is what is written of a job that was never sampled: the accounts have the largest address space of a job, which is not its resident memory. */
    static Optional<Usage> accounted(String records) {
        return longest(records)
                .filter(fields -> number(fields, "cpu") > 0)
                .map(fields -> new Usage(
                        number(fields, "cpu"),
                        null,
                        "it was killed, and the accounts of Grid Engine do not have its memory"));
    }

    /** Of several jobs of one name that which ran longest: the others did nothing, see ClusterScript. */
    private static Optional<Map<String, String>> longest(String records) {
        return Stream.of(records.split("(?m)^=+$"))
                .map(Sge::fields)
                .filter(fields -> fields.containsKey("jobnumber"))
                .max(Comparator.comparingDouble(fields -> number(fields, "ru_wallclock")));
    }

    private static Optional<State> record(String records) {
        return longest(records)
                .map(fields -> new State(
                        fields.getOrDefault("jobnumber", ""),
                        cause(fields),
                        (int) number(fields, "exit_status"),
                        "failed " + fields.getOrDefault("failed", "").replaceAll("\\s+", " ") + ", exit status "
                                + fields.getOrDefault("exit_status", "").replaceAll("\\s+", " "),
                        fields.getOrDefault("hostname", "")));
    }

    private static Map<String, String> fields(String record) {
        Map<String, String> fields = new HashMap<>();
        record.lines()
                .map(line -> line.split("\\s+", 2))
                .filter(words -> words.length == 2)
                .forEach(words -> fields.put(words[0], words[1].strip()));
        return fields;
    }

    private static Cause cause(Map<String, String> fields) {
        int failed = (int) number(fields, "failed");
        if (failed == LIMIT) {
            Matcher limit = SECONDS.matcher(fields.getOrDefault("category", ""));
            return limit.find() && number(fields, "ru_wallclock") >= Long.parseLong(limit.group(1))
                    ? Cause.WALLTIME
                    : Cause.MEMORY;
        }
        return switch (failed) {
            case 0 -> Cause.EXITED;
            case KILLED -> Cause.CANCELLED;
            default -> Cause.LOST;
        };
    }

    /** The number with which a value begins; -1 where there is none. */
    private static double number(Map<String, String> fields, String name) {
        Matcher number = NUMBER.matcher(fields.getOrDefault(name, ""));
        return number.lookingAt() ? Double.parseDouble(number.group()) : -1;
    }
}
