// Reads a book of a forum over HTTP, and believes what the code of Go's checksum database believes of it.
//
// That code (golang.org/x/mod/sumdb, Debian's golang-golang-x-mod-dev) opens the notes, authenticates the tiles and checks the
// proofs. Ours is what lies between: the addresses of C2SP's tiles, which name no height; the three lines of a checkpoint; the
// entries in their bundles; a proof as a file; and the signatures of witnesses, which that code leaves to its caller.
//
//	conformance -policy FILE [-token TOKEN] [-size N] [-old N,...] [-growths N] URL
//
// It exits with 0 and a line of JSON, or with 1 and the reason.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height      = 8
	width       = 1 << height
	proofHeader = "c2sp.org/tlog-proof@v1\n"
)

// Found is what was checked.
type Found struct {
	Size          int64     `json:"size"`
	Root          tlog.Hash `json:"root"`
	Signers       []string  `json:"signers"`
	Entries       int64     `json:"entries"`
	Tiles         int       `json:"tiles"`
	Inclusions    int       `json:"inclusions"`
	Consistencies int       `json:"consistencies"`
	Growths       int       `json:"growths"`
}

func main() {
	policyFile := flag.String("policy", "", "whom to believe")
	token := flag.String("token", "", "who asks")
	size := flag.Int64("size", 0, "the size of a checkpoint; 0: the last")
	olds := flag.String("old", "", "sizes of earlier checkpoints, with commas between")
	growths := flag.Int("growths", 0, "how often the book must be seen to have grown")
	flag.Parse()
	found, err := check(flag.Arg(0), *policyFile, *token, *size, *olds, *growths)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(found)
}

func check(url, policyFile, token string, size int64, olds string, growths int) (*Found, error) {
	policy, err := readPolicy(policyFile)
	if err != nil {
		return nil, err
	}
	book := &Book{url: url, token: token, policy: policy, found: &Found{}}
	tree, err := book.checkpoint(size)
	if err != nil {
		return nil, err
	}
	if err := book.whole(tree); err != nil {
		return nil, err
	}
	for _, old := range strings.FieldsFunc(olds, func(r rune) bool { return r == ',' }) {
		if err := book.began(old, tree); err != nil {
			return nil, err
		}
	}
	for book.found.Growths < growths {
		if tree, err = book.grown(tree); err != nil {
			return nil, err
		}
	}
	return book.found, nil
}

// Policy says whose signatures count.
type Policy struct {
	known  note.Verifiers
	log    map[string]bool
	quorum int
}

// readPolicy reads as much of c2sp.org/tlog-policy as a book's policy has: logs, witnesses, and one group over them.
func readPolicy(file string) (*Policy, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	policy := &Policy{log: map[string]bool{}}
	var known []note.Verifier
	for _, line := range strings.Split(string(text), "\n") {
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		switch words[0] {
		case "log":
			verifier, err := note.NewVerifier(words[1])
			if err != nil {
				return nil, fmt.Errorf("%s: %w", line, err)
			}
			known = append(known, verifier)
			policy.log[verifier.Name()] = true
		case "witness":
			verifier, err := newWitness(words[2])
			if err != nil {
				return nil, fmt.Errorf("%s: %w", line, err)
			}
			known = append(known, verifier)
		case "group":
			if policy.quorum, err = strconv.Atoi(words[2]); err != nil {
				return nil, err
			}
		}
	}
	policy.known = note.VerifierList(known...)
	return policy, nil
}

// open believes a note that the log has signed, and enough witnesses.
func (p *Policy) open(message []byte) (*note.Note, error) {
	opened, err := note.Open(message, p.known)
	if err != nil {
		return nil, err
	}
	logs, witnesses := 0, 0
	for _, signature := range opened.Sigs {
		if p.log[signature.Name] {
			logs++
		} else {
			witnesses++
		}
	}
	if logs == 0 || witnesses < p.quorum {
		return nil, fmt.Errorf("signed by %d logs and %d witnesses of %d", logs, witnesses, p.quorum)
	}
	return opened, nil
}

// Witness checks a cosignature/v1: the time, then an Ed25519 signature over it and the note.
type Witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

const cosignatureV1 = 4

func newWitness(vkey string) (*Witness, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("malformed verifier id")
	}
	typed, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(typed) != 1+ed25519.PublicKeySize || typed[0] != cosignatureV1 {
		return nil, errors.New("not the key of a cosigner")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), typed...))
	hash := binary.BigEndian.Uint32(sum[:])
	if parts[1] != fmt.Sprintf("%08x", hash) {
		return nil, errors.New("invalid verifier hash")
	}
	return &Witness{parts[0], hash, typed[1:]}, nil
}

func (w *Witness) Name() string    { return w.name }
func (w *Witness) KeyHash() uint32 { return w.hash }

func (w *Witness) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	head := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(signature))
	return ed25519.Verify(w.key, append([]byte(head), text...), signature[8:])
}

// Book is one that is read over HTTP.
type Book struct {
	url    string
	token  string
	policy *Policy
	found  *Found
}

func (b *Book) get(path string) ([]byte, error) {
	request, err := http.NewRequest("GET", b.url+"/"+path, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept-Encoding", "identity")
	if b.token != "" {
		request.Header.Set("Authorization", "Bearer "+b.token)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, answer.Status)
	}
	return body, nil
}

// checkpoint believes the checkpoint of a size, or the last.
func (b *Book) checkpoint(size int64) (tlog.Tree, error) {
	path := "checkpoint"
	if size != 0 {
		path = fmt.Sprintf("checkpoint/%d", size)
	}
	message, err := b.get(path)
	if err != nil {
		return tlog.Tree{}, err
	}
	tree, err := b.signed(message)
	if err == nil && size != 0 && tree.N != size {
		err = fmt.Errorf("the checkpoint of %d is one of %d", size, tree.N)
	}
	return tree, err
}

// signed reads origin, size and root of a note that the policy accepts.
func (b *Book) signed(message []byte) (tlog.Tree, error) {
	opened, err := b.policy.open(message)
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || !b.policy.log[lines[0]] {
		return tlog.Tree{}, fmt.Errorf("no checkpoint of this book: %q", opened.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, fmt.Errorf("no size: %q", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, err
	}
	b.found.Signers = nil
	for _, signature := range opened.Sigs {
		b.found.Signers = append(b.found.Signers, signature.Name)
	}
	return tlog.Tree{N: size, Hash: root}, nil
}

// whole checks all tiles, all entries, and proofs from all parts of the tree.
//
// A reader of tiles authenticates what it gives. Before x/mod 0.40 it leaves out one or two tiles of some sizes (CVE-2026-56865),
// and Debian has an older one. So the tree is also made anew of its entries, and every tile compared.
func (b *Book) whole(tree tlog.Tree) error {
	tiles := &Tiles{book: b, kept: map[tlog.Tile][]byte{}}
	reader := tlog.TileHashReader(tree, tiles)
	indexes := make([]int64, tree.N)
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(0, int64(i))
	}
	leaves, err := reader.ReadHashes(indexes)
	if err != nil {
		return err
	}
	stored, err := b.entries(tree.N)
	if err != nil {
		return err
	}
	if root, err := tlog.TreeHash(tree.N, stored); err != nil || root != tree.Hash {
		return errors.New("the entries do not make up the root")
	}
	if err := tiles.madeOf(stored); err != nil {
		return err
	}
	for index := range places(tree.N) {
		if err := b.included(tree, index, leaves[index], reader); err != nil {
			return err
		}
	}
	b.found.Size, b.found.Root, b.found.Tiles = tree.N, tree.Hash, len(tiles.kept)
	return nil
}

// places lie at both ends of a book, of its first tile, and in its middle.
func places(size int64) map[int64]bool {
	within := map[int64]bool{}
	for _, index := range []int64{0, 1, width - 1, width, size / 2, size - 2, size - 1} {
		if 0 <= index && index < size {
			within[index] = true
		}
	}
	return within
}

// Stored are all hashes of a tree, in the order of Go's.
type Stored []tlog.Hash

func (s Stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		found[i] = s[index]
	}
	return found, nil
}

// entries fetches all bundles, and makes a tree of what is in them.
func (b *Book) entries(size int64) (Stored, error) {
	var stored Stored
	b.found.Entries = 0
	for start := int64(0); start < size; start += width {
		tile := tlog.Tile{H: height, N: start / width, W: width}
		if size-start < width {
			tile.W = int(size - start)
		}
		path := tilePath("entries", tile)
		bundle, err := b.get(path)
		if err != nil {
			return nil, err
		}
		for index := start; index < start+int64(tile.W); index++ {
			if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
				return nil, fmt.Errorf("%s ends within entry %d", path, index)
			}
			next := 2 + int(binary.BigEndian.Uint16(bundle))
			added, err := tlog.StoredHashes(index, bundle[2:next], stored)
			if err != nil {
				return nil, err
			}
			stored = append(stored, added...)
			bundle = bundle[next:]
			b.found.Entries++
		}
		if len(bundle) != 0 {
			return nil, fmt.Errorf("%s goes on after its last entry", path)
		}
	}
	return stored, nil
}

// included checks the proof that is served for a leaf, which is the one that Go makes of the tiles.
func (b *Book) included(tree tlog.Tree, index int64, leaf tlog.Hash, reader tlog.HashReader) error {
	file, err := b.get(fmt.Sprintf("proof/inclusion?index=%d&size=%d", index, tree.N))
	if err != nil {
		return err
	}
	begin := fmt.Sprintf("%sindex %d\n", proofHeader, index)
	parted := bytes.Index(file, []byte("\n\n"))
	if !bytes.HasPrefix(file, []byte(begin)) || parted < len(begin)-1 {
		return fmt.Errorf("no proof that %d is included", index)
	}
	under, err := b.signed(file[parted+2:])
	if err != nil {
		return err
	}
	if under != tree {
		return errors.New("the proof stands under another checkpoint")
	}
	proof, err := hashes(string(file[len(begin) : parted+1]))
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf); err != nil {
		return fmt.Errorf("inclusion of %d: %w", index, err)
	}
	made, err := tlog.ProveRecord(tree.N, index, reader)
	if err != nil {
		return err
	}
	b.found.Inclusions++
	return alike(proof, made)
}

// began checks that a tree began as the one of an earlier checkpoint.
func (b *Book) began(old string, tree tlog.Tree) error {
	size, err := strconv.ParseInt(old, 10, 64)
	if err != nil {
		return err
	}
	earlier, err := b.checkpoint(size)
	if err != nil {
		return err
	}
	return b.consistent(earlier, tree)
}

func (b *Book) consistent(old, tree tlog.Tree) error {
	text, err := b.get(fmt.Sprintf("proof/consistency?old=%d&new=%d", old.N, tree.N))
	if err != nil {
		return err
	}
	proof, err := hashes(string(text))
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
		return fmt.Errorf("consistency of %d and %d: %w", old.N, tree.N, err)
	}
	reader := tlog.TileHashReader(tree, &Tiles{book: b, kept: map[tlog.Tile][]byte{}})
	made, err := tlog.ProveTree(tree.N, old.N, reader)
	if err != nil {
		return err
	}
	b.found.Consistencies++
	return alike(proof, made)
}

// grown looks at the last checkpoint again, and checks all of it if it is a new one.
func (b *Book) grown(tree tlog.Tree) (tlog.Tree, error) {
	next, err := b.checkpoint(0)
	if err != nil || next == tree {
		return next, err
	}
	if err := b.consistent(tree, next); err != nil {
		return next, err
	}
	b.found.Growths++
	return next, b.whole(next)
}

// hashes are written one a line.
func hashes(text string) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, line := range strings.SplitAfter(text, "\n") {
		if line == "" {
			continue
		}
		hash, err := tlog.ParseHash(strings.TrimSuffix(line, "\n"))
		if err != nil {
			return nil, err
		}
		found = append(found, hash)
	}
	return found, nil
}

func alike(proof, made []tlog.Hash) error {
	if len(proof) != len(made) {
		return fmt.Errorf("a proof of %d hashes, where Go makes one of %d", len(proof), len(made))
	}
	for i := range proof {
		if proof[i] != made[i] {
			return fmt.Errorf("hash %d of a proof is not the one that Go makes", i)
		}
	}
	return nil
}

// Tiles are those of a book. What was authenticated is kept.
type Tiles struct {
	book *Book
	kept map[tlog.Tile][]byte
}

func (t *Tiles) Height() int { return height }

func (t *Tiles) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		var err error
		if kept, ok := t.kept[tile]; ok {
			data[i] = kept
		} else if data[i], err = t.book.get(tilePath(strconv.Itoa(tile.L), tile)); err != nil {
			return nil, err
		}
	}
	return data, nil
}

func (t *Tiles) SaveTiles(tiles []tlog.Tile, data [][]byte) {
	for i, tile := range tiles {
		t.kept[tile] = data[i]
	}
}

// madeOf compares all tiles that were read with the hashes of a tree.
func (t *Tiles) madeOf(stored Stored) error {
	for tile, kept := range t.kept {
		made, err := tlog.ReadTileData(tile, stored)
		if err != nil {
			return err
		}
		if !bytes.Equal(made, kept) {
			return fmt.Errorf("%s is not made of the entries", tile.Path())
		}
	}
	return nil
}

// tilePath is the address of Go's, without the height, which is always 8, and with the level's name.
func tilePath(level string, tile tlog.Tile) string {
	return strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/%d/", height, tile.L), "tile/"+level+"/", 1)
}
