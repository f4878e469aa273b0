package org.datman.local.promise;

import java.util.regex.Pattern;

/**
 * The wording of a promise in a text, and the implementation that keeps it.
 *
 * @param file in which the words may stand; empty for any
 * @param words how it is promised
 * @param kept what must be there
 */
record Promise(String file, Pattern words, Kept kept) {

    /** What keeps a promise. */
    sealed interface Kept {}

    /**
     * A button of the dashboard.
     *
     * @param label as it stands on it
     * @param route to which its form is sent
     */
    record Button(String label, String route) implements Kept {}

    /**
     * Something that happens by itself.
     *
     * @param test class and method of the test that shows it: {@code OutboxTest.anEvent…}
     */
    record ByItself(String test) implements Kept {}

    /**
     * A command of {@code ./datman}.
     *
     * @param name of it
     */
    record Command(String name) implements Kept {}

    /**
     * Something that is written in a file of the project.
     *
     * @param path of the file
     * @param text what it holds
     */
    record Written(String path, String text) implements Kept {}

    /** Something that a person does elsewhere: on XNAT, at the scanner, in a file. */
    record Elsewhere() implements Kept {}

    static Promise button(String words, String label, String route) {
        return new Promise("", Pattern.compile(words), new Button(label, route));
    }

    static Promise byItself(String file, String words, String test) {
        return new Promise(file, Pattern.compile(words), new ByItself(test));
    }

    static Promise command(String words, String name) {
        return new Promise("", Pattern.compile(words), new Command(name));
    }

    static Promise written(String words, String path, String text) {
        return new Promise("", Pattern.compile(words), new Written(path, text));
    }

    static Promise elsewhere(String words) {
        return new Promise("", Pattern.compile(words), new Elsewhere());
    }

    boolean mayStandIn(String other) {
        return file.isEmpty() || file.equals(other);
    }
}
