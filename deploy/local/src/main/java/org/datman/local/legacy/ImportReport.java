package org.datman.local.legacy;

import java.nio.file.Path;
import java.util.List;
import org.datman.local.legacy.ConfigurationImport.Result;
import org.datman.local.legacy.ImportNote.Outcome;

/** The report of an import, as Markdown. */
final class ImportReport {

    private ImportReport() {}

    static String text(Path given, Result result) {
        StringBuilder text = new StringBuilder("# Import of " + given.getFileName() + "\n\n");
        text.append("Study files: ").append(String.join(", ", result.files())).append(".\n");
        if (!result.faults().isEmpty()) {
            text.append("\n## Faults to mend before use\n\n");
            result.faults()
                    .forEach(fault ->
                            text.append("- ").append(code(fault.toString())).append('\n'));
        }
        for (Outcome outcome : List.of(Outcome.LEFT, Outcome.CHANGED, Outcome.CARRIED)) {
            if (result.count(outcome) > 0) {
                text.append("\n## ")
                        .append(outcome.title())
                        .append("\n\n| Where | What | What became of it | To do |\n|---|---|---|---|\n");
                result.notes().stream()
                        .filter(note -> note.outcome() == outcome)
                        .forEach(note -> text.append("| ")
                                .append(cell(note.place()))
                                .append(" | ")
                                .append(cell(note.key()))
                                .append(" | ")
                                .append(cell(note.message()))
                                .append(" | ")
                                .append(cell(note.action()))
                                .append(" |\n"));
            }
        }
        return text.append("\nAll other settings have the same meaning as before.\n")
                .toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace('\n', ' ').replace('\r', ' ');
    }

    private static String code(String text) {
        return text.replace('\n', ' ');
    }
}
