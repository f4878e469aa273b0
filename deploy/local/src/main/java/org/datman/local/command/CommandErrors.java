package org.datman.local.command;

import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;

/** Exceptions as messages for people: Java's own file exceptions contain only the path. */
final class CommandErrors {

    private CommandErrors() {}

    /** The problem, the place and, where it is not obvious, the action. */
    static String words(Throwable e) {
        if (e instanceof FileSystemException file && file.getFile() != null) {
            return file.getFile() + " " + what(file);
        }
        return Optional.ofNullable(e.getMessage()).orElseGet(e::toString);
    }

    private static String what(FileSystemException e) {
        if (e instanceof AccessDeniedException) {
            return "cannot be read or written by user " + System.getProperty("user.name")
                    + " (permission denied); give that user the right, or choose another folder";
        }
        if (e instanceof NoSuchFileException) {
            return "does not exist";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "already exists, and is not of the needed kind (a folder, for example)";
        }
        if (e instanceof NotDirectoryException) {
            return "is not a folder";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return "is not empty";
        }
        return "cannot be used: "
                + Optional.ofNullable(e.getReason())
                        .orElseGet(() -> e.getClass().getSimpleName());
    }
}
