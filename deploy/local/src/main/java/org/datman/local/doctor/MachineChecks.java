package org.datman.local.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.datman.local.process.Heaps;
import org.datman.local.process.Supervisor;

/** Java, memory, processors and the programs that convert images. */
final class MachineChecks {

    private static final int JAVA = 17;
    private static final long MIB = 1L << 20;

    /** An estimate, in MiB: about 130 beside the heap of each service, 300 of Kafka, 100 of PostgreSQL. The report of the demo has the peaks of all processes. */
    private static final long BESIDE_HEAPS = 1200;

    private static final int SECONDS = 20;

    private final Map<String, String> environment;

    MachineChecks(Map<String, String> environment) {
        this.environment = environment;
    }

    List<Diagnosis> look() throws InterruptedException {
        List<Diagnosis> findings = new ArrayList<>();
        findings.add(java());
        findings.add(memory());
        findings.addAll(converters());
        findings.add(decompressor());
        return findings;
    }

    private static Diagnosis java() {
        int version = Runtime.version().feature();
        String found = "Java " + Runtime.version() + ", " + Runtime.getRuntime().availableProcessors() + " processors";
        return version >= JAVA
                ? Diagnosis.ok("java", found)
                : Diagnosis.error(
                        "java", found, "Install Java " + JAVA + " or later: apt-get install openjdk-17-jdk-headless");
    }

    private Diagnosis memory() {
        long there = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize() / MIB;
        long heaps;
        try {
            heaps = Heaps.of(Supervisor.SERVICES, environment).values().stream()
                    .mapToLong(MachineChecks::mebibytes)
                    .sum();
        } catch (IOException e) {
            return Diagnosis.error("memory", String.valueOf(e.getMessage()), "Correct the variable");
        }
        String found =
                there + " MiB; all heaps at their limits and the rest need about " + (heaps + BESIDE_HEAPS) + " MiB";
        return there >= heaps + BESIDE_HEAPS
                ? Diagnosis.ok("memory", found)
                : Diagnosis.warning(
                        "memory",
                        found,
                        "Add memory, or give services smaller heaps (DATMAN_QC_HEAP and so on; docs/operations.md, Memory)");
    }

    private static long mebibytes(String heap) {
        long number = Long.parseLong(heap.substring(0, heap.length() - 1));
        return heap.endsWith("g") ? number * 1024 : number;
    }

    private List<Diagnosis> converters() throws InterruptedException {
        List<Diagnosis> findings = new ArrayList<>();
        for (String program :
                environment.getOrDefault("DATMAN_DCM2NIIX", "dcm2niix").split(":")) {
            String answer = answer(program, "--version");
            String version = answer.lines()
                    .map(String::strip)
                    .filter(line -> line.matches("v1\\.0\\.\\d+.*"))
                    .reduce("", (first, last) -> last);
            findings.add(
                    version.isEmpty()
                            ? Diagnosis.error(
                                    "dcm2niix",
                                    "'" + program + "' cannot be run, or is no dcm2niix",
                                    "Install it (apt-get install dcm2niix), or name it by DATMAN_DCM2NIIX")
                            : Diagnosis.ok("dcm2niix", program + " " + version));
        }
        return findings;
    }

    private static Diagnosis decompressor() throws InterruptedException {
        if (!answer("gdcmconv", "--version").isEmpty()) {
            return Diagnosis.ok("decompression", "gdcmconv");
        }
        String advice = "apt-get install libgdcm-tools";
        return answer("dcmdjpls", "--version").isEmpty()
                ? Diagnosis.warning(
                        "decompression",
                        "neither gdcmconv nor dcmdjpls: some compressed DICOM is not converted",
                        advice)
                : Diagnosis.warning("decompression", "dcmdjpls only: JPEG 2000 is not decompressed", advice);
    }

    /** What a program prints; empty text when it cannot be run or does not end. */
    private static String answer(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "";
            }
            return text;
        } catch (IOException | UncheckedIOException cannotRun) {
            return "";
        }
    }
}
