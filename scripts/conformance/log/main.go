// An independent judge of the log, made of Go's checksum-database packages (golang.org/x/mod/sumdb/note and
// tlog), which share nothing with the writer.
//
//	go run . check PREFIX VKEY   reads checkpoint, tiles and entries below a directory or URL and checks them all
//	go run . proof FILE VKEY     checks a proof file offline
//	go run . vectors             prints the vectors of test/vectors/data/log.json
package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "refused:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 3 && args[0] == "check":
		return check(args[1], args[2])
	case len(args) == 3 && args[0] == "proof":
		return checkProof(args[1], args[2])
	case len(args) == 1 && args[0] == "vectors":
		return printVectors()
	}
	return errors.New("usage: check PREFIX VKEY | proof FILE VKEY | vectors")
}

// openCheckpoint checks the note's signature and reads origin, size and root.
func openCheckpoint(text []byte, vkey string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, errors.New("the checkpoint is not of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// check re-reads a whole log: every entry must hash to its leaf, be included in the checkpoint's tree, and every
// size up to it (at most 200 of them, evenly spread) must be consistent with it.
func check(prefix, vkey string) error {
	text, err := fetch(prefix, "checkpoint")
	if err != nil {
		return err
	}
	tree, err := openCheckpoint(text, vkey)
	if err != nil {
		return err
	}
	reader := tlog.TileHashReader(tree, &tiles{prefix: prefix})
	step := max(1, tree.N/200)
	for bundle := int64(0); bundle*256 < tree.N; bundle++ {
		entries, err := readBundle(prefix, bundle, min(256, tree.N-bundle*256))
		if err != nil {
			return err
		}
		indexes := make([]int64, len(entries))
		for i := range entries {
			indexes[i] = tlog.StoredHashIndex(0, bundle*256+int64(i))
		}
		hashes, err := reader.ReadHashes(indexes)
		if err != nil {
			return err
		}
		for i, entry := range entries {
			if tlog.RecordHash(entry) != hashes[i] {
				return fmt.Errorf("entry %d does not hash to its leaf", bundle*256+int64(i))
			}
		}
	}
	for n := int64(0); n < tree.N; n += step {
		proof, err := tlog.ProveRecord(tree.N, n, reader)
		if err != nil {
			return err
		}
		leaf, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, n)})
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, n, leaf[0]); err != nil {
			return err
		}
		older, err := tlog.TreeHash(n+1, reader)
		if err != nil {
			return err
		}
		consistency, err := tlog.ProveTree(tree.N, n+1, reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(consistency, tree.N, tree.Hash, n+1, older); err != nil {
			return err
		}
	}
	fmt.Printf("accepted: %d entries, root %s\n", tree.N, tree.Hash)
	return nil
}

func checkProof(file, vkey string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	head, checkpoint, found := strings.Cut(string(text), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "extra ") {
		return errors.New("not a proof file with an opening")
	}
	tree, err := openCheckpoint([]byte(checkpoint), vkey)
	if err != nil {
		return err
	}
	extra, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return err
	}
	var opening struct{ Leaf []byte }
	if err := json.Unmarshal(extra, &opening); err != nil {
		return err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(opening.Leaf)); err != nil {
		return err
	}
	fmt.Printf("accepted: entry %d of %d\n", index, tree.N)
	return nil
}

// tiles reads the hash tiles of C2SP tlog-tiles, whose paths lack the height that Go's own paths carry.
type tiles struct{ prefix string }

func (t *tiles) Height() int                         { return 8 }
func (t *tiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(wanted))
	for i, tile := range wanted {
		bytes, err := fetchTile(t.prefix, strings.Replace(tile.Path(), "tile/8/", "tile/", 1))
		if err != nil {
			return nil, err
		}
		if len(bytes) < tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s is too short", tile.Path())
		}
		data[i] = bytes[:tile.W*tlog.HashSize]
	}
	return data, nil
}

func readBundle(prefix string, index, width int64) ([][]byte, error) {
	tile := tlog.Tile{H: 8, L: -1, N: index, W: int(width)}
	path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
	data, err := fetchTile(prefix, path)
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) >= 2 && int64(len(entries)) < width {
		length := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+length {
			return nil, fmt.Errorf("%s ends inside an entry", path)
		}
		entries = append(entries, data[2:2+length])
		data = data[2+length:]
	}
	if int64(len(entries)) != width {
		return nil, fmt.Errorf("%s has %d entries, not %d", path, len(entries), width)
	}
	return entries, nil
}

// fetchTile falls back to the full tile when a partial one is gone, as clients of C2SP tlog-tiles may.
func fetchTile(prefix, path string) ([]byte, error) {
	data, err := fetch(prefix, path)
	if full, _, partial := strings.Cut(path, ".p/"); err != nil && partial {
		return fetch(prefix, full)
	}
	return data, err
}

func fetch(prefix, path string) ([]byte, error) {
	if !strings.Contains(prefix, "://") {
		return os.ReadFile(filepath.Join(prefix, filepath.FromSlash(path)))
	}
	response, err := http.Get(strings.TrimSuffix(prefix, "/") + "/" + path)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, response.Status)
	}
	return io.ReadAll(response.Body)
}
