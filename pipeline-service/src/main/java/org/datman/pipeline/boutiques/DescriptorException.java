package org.datman.pipeline.boutiques;

import java.util.List;
import java.util.stream.Collectors;

/** A descriptor is faulty, or does not match the given values; contains all faults. */
public final class DescriptorException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public DescriptorException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
