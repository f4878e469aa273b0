package org.datman.contracts.event;

import java.util.Map;
import java.util.Optional;

/**
 * Where a tool ran and what it used. What is not known is empty, never 0.
 *
 * @param runner as in the configuration, such as {@code local} or {@code slurm}
 * @param host name of the machine
 * @param schedulerJob id of its job on the cluster
 * @param cpuSeconds CPU time of the tool and the processes that it waited for, user and system, in s
 * @param peakMemoryBytes largest resident memory of one of these processes, in bytes; where only the cluster's accounts or the control group of
 *     its container know it, that of all together
 * @param variables environment variables that its descriptor sets
 * @param notMeasured why CPU time or memory is not known; empty when both are
 */
public record RunUsage(
        String runner,
        Optional<String> host,
        Optional<String> schedulerJob,
        Optional<Double> cpuSeconds,
        Optional<Long> peakMemoryBytes,
        Optional<Map<String, String>> variables,
        Optional<String> notMeasured) {}
