package org.datman.local.documentation;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of the checkout, and what a page names in them. */
final class Pages {

    static final Path ROOT = Path.of(System.getProperty("datman.root"));

    /** A path of a file or folder, or the name of a file. */
    static final Pattern FILE = Pattern.compile("[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+|[A-Za-z0-9_-]+\\.(tsv|md|mjs)");

    private static final Set<String> NOT_OURS = Set.of(".git", "target", "node_modules", ".datman", ".idea", ".vscode");
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");

    private Pages() {}

    /** What a page has between backticks. */
    static Set<String> codes(Path page) throws IOException {
        return codes(Files.readString(page));
    }

    static Set<String> codes(String text) {
        Set<String> codes = new HashSet<>();
        Matcher code = CODE.matcher(text);
        while (code.find()) {
            codes.add(code.group(1));
        }
        return codes;
    }

    /** All files of the checkout that are not made by a build. */
    static List<Path> ourFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NOT_OURS.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.add(file);
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }
}
