package org.datman.contracts.study;

import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;

/** Collects the faults of one file while it is read. */
final class Problems {

    private final String file;
    private final List<ConfigurationError> errors = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    void add(Node node, String key, String problem, String allowed) {
        add(node.getStartMark(), key, problem, allowed);
    }

    void add(Mark mark, String key, String problem, String allowed) {
        errors.add(new ConfigurationError(file, mark.getLine() + 1, mark.getColumn() + 1, key, problem, allowed));
    }

    void add(String problem, String allowed) {
        errors.add(new ConfigurationError(file, 0, 0, "", problem, allowed));
    }

    List<ConfigurationError> errors() {
        return errors.stream().distinct().toList();
    }
}
