package org.datman.contracts.study;

import java.util.ArrayList;
import java.util.List;
import org.datman.contracts.tree.Faults;
import org.datman.contracts.tree.TreeNode;

/** Collects the faults of one file while it is read. */
final class Problems implements Faults {

    private final String file;
    private final List<ConfigurationError> errors = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    @Override
    public void add(TreeNode.Place place, String key, String problem, String allowed) {
        errors.add(new ConfigurationError(file, place.line(), place.column(), key, problem, allowed));
    }

    void add(String problem, String allowed) {
        errors.add(new ConfigurationError(file, 0, 0, "", problem, allowed));
    }

    List<ConfigurationError> errors() {
        return errors.stream().distinct().toList();
    }
}
