/** A browser's storage in memory, new for each file of tests. */
import "fake-indexeddb/auto";
