package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.commons.io.FileUtils;
import org.datman.bids.schema.BidsSchema;
import org.datman.bids.validation.BidsValidator;
import org.datman.imaging.nifti.NiftiDataType;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code datman bench bids}: time to validate a dataset, and one session of it after a change. */
@Command(
        name = "bench",
        description = "Time of validation on a synthetic dataset: as a whole, and of one session after a change.",
        mixinStandardHelpOptions = true)
final class BidsBenchCommand implements Callable<Integer> {

    /** The goal for one session. */
    private static final long SESSION_MILLIS = 200;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--sessions",
            description = "Sessions in the dataset (default: ${DEFAULT-VALUE}).",
            defaultValue = "1000")
    private int sessions;

    @Option(names = "--runs", description = "Changes of each kind (default: ${DEFAULT-VALUE}).", defaultValue = "41")
    private int runs;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Path root = Files.createTempDirectory("datman-bids-bench-");
        try {
            for (int i = 0; i < sessions; i++) {
                write(root, i);
            }
            Files.writeString(
                    root.resolve("dataset_description.json"), "{\"Name\": \"bench\", \"BIDSVersion\": \"1.11.1\"}");
            participants(root, sessions);
            long start = System.nanoTime();
            BidsValidator validator = new BidsValidator(root, BidsSchema.bundled(), true);
            int findings = validator.validate().findings().size();
            out.printf(
                    "%d sessions, %d files: %d ms for everything, %d findings%n",
                    sessions, validator.files(), millis(start), findings);
            List<Long> changed = new ArrayList<>();
            List<Long> added = new ArrayList<>();
            for (int run = 0; run < runs; run++) {
                Path session = session(root, run % sessions);
                Path sidecar = session.resolve("anat").resolve(prefix(run % sessions) + "T1w.json");
                Files.writeString(sidecar, "{\"EchoTime\": 0.00" + (run + 1) + "}");
                start = System.nanoTime();
                int files = validator.validate(Set.of(sidecar)).files();
                changed.add(millis(start));
                if (run == 0) {
                    out.printf("a changed sidecar has %d files and folders looked at%n", files);
                }
                write(root, sessions + run);
                participants(root, sessions + run + 1);
                start = System.nanoTime();
                validator.validate(Set.of(session(root, sessions + run).getParent(), root.resolve("participants.tsv")));
                added.add(millis(start));
            }
            out.printf("one sidecar changed: %s%n", times(changed));
            out.printf("one session added:   %s%n", times(added));
            out.flush();
            return changed.get(runs / 2) <= SESSION_MILLIS && added.get(runs / 2) <= SESSION_MILLIS ? 0 : 1;
        } finally {
            FileUtils.deleteDirectory(root.toFile());
        }
    }

    private String times(List<Long> millis) {
        Collections.sort(millis);
        return "median %d ms, longest %d ms of %d (goal %d ms)"
                .formatted(millis.get(runs / 2), millis.get(runs - 1), runs, SESSION_MILLIS);
    }

    private static long millis(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }

    private static void participants(Path root, int subjects) throws IOException {
        StringBuilder rows = new StringBuilder("participant_id\n");
        for (int i = 0; i < subjects; i++) {
            rows.append("sub-%05d%n".formatted(i));
        }
        Files.writeString(root.resolve("participants.tsv"), rows);
    }

    private static String prefix(int number) {
        return "sub-%05d_ses-01_".formatted(number);
    }

    private static Path session(Path root, int number) {
        return root.resolve("sub-%05d/ses-01".formatted(number));
    }

    /** A session of eleven images with sidecars, as labs have it. */
    private static void write(Path root, int number) throws IOException {
        Path session = session(root, number);
        String prefix = prefix(number);
        image(session, "anat", prefix + "T1w", 1);
        image(session, "anat", prefix + "T2w", 1);
        image(session, "fmap", prefix + "dir-AP_epi", 2);
        image(session, "fmap", prefix + "dir-PA_epi", 2);
        image(session, "dwi", prefix + "dwi", 3);
        Files.writeString(session.resolve("dwi").resolve(prefix + "dwi.bval"), "0 1000 1000\n");
        Files.writeString(session.resolve("dwi").resolve(prefix + "dwi.bvec"), "0 1 0\n0 0 1\n0 0 0\n");
        for (int run = 1; run <= 6; run++) {
            String stem = prefix + "task-rest_run-" + run + "_";
            image(session, "func", stem + "bold", 5);
            Files.writeString(
                    session.resolve("func").resolve(stem + "events.tsv"), "onset\tduration\n1.0\t0.5\n3.5\t0.5\n");
        }
    }

    private static void image(Path session, String datatype, String stem, int volumes) throws IOException {
        Path folder = Files.createDirectories(session.resolve(datatype));
        double[][] affine = {{2, 0, 0, 0}, {0, 2, 0, 0}, {0, 0, 2, 0}, {0, 0, 0, 1}};
        NiftiHeader header =
                NiftiHeader.of(NiftiDataType.INT16, affine, 4, 4, 4, volumes).withRepetitionTime(2);
        try (NiftiWriter writer = NiftiWriter.create(folder.resolve(stem + ".nii.gz"), header)) {
            for (int volume = 0; volume < volumes; volume++) {
                writer.writeVolume(new float[64]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Files.writeString(
                folder.resolve(stem + ".json"),
                "{\"RepetitionTime\": 2.0, \"EchoTime\": 0.03, \"TaskName\": \"rest\", \"PhaseEncodingDirection\": \"j\","
                        + " \"TotalReadoutTime\": 0.05, \"SliceTiming\": [0.0, 0.5, 1.0, 1.5]}");
    }
}
