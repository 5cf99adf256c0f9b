package main

import (
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = s[index]
	}
	return hashes, nil
}

type inclusion struct {
	Size, Index int64
	Path        tlog.RecordProof
}

type consistency struct {
	OldSize, Size int64
	Path          tlog.TreeProof
}

// printVectors makes a log of the entries "entry 0", "entry 1", … and prints roots, proofs, tile paths and a
// signed note, all by Go's packages.
func printVectors() error {
	const size = 700
	var hashes stored
	roots := map[int64]tlog.Hash{}
	for n := int64(0); n < size; n++ {
		fresh, err := tlog.StoredHashes(n, fmt.Appendf(nil, "entry %d", n), hashes)
		if err != nil {
			return err
		}
		hashes = append(hashes, fresh...)
		if roots[n+1], err = tlog.TreeHash(n+1, hashes); err != nil {
			return err
		}
	}
	sizes := []int64{1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 700}
	var inclusions []inclusion
	var consistencies []consistency
	picked := map[int64]tlog.Hash{}
	for _, size := range sizes {
		picked[size] = roots[size]
		for _, index := range []int64{0, 1, 2, 6, 255, 256, 511, 512, size - 1} {
			if index >= size {
				continue
			}
			path, err := tlog.ProveRecord(size, index, hashes)
			if err != nil {
				return err
			}
			inclusions = append(inclusions, inclusion{size, index, path})
		}
		for _, old := range sizes {
			if old > size {
				continue
			}
			path, err := tlog.ProveTree(size, old, hashes)
			if err != nil {
				return err
			}
			consistencies = append(consistencies, consistency{old, size, path})
		}
	}
	paths := map[string]tlog.Tile{}
	for _, tile := range []tlog.Tile{{H: 8, L: 0, N: 0, W: 256}, {H: 8, L: 3, N: 1234067, W: 17}, {H: 8, L: 1, N: 999, W: 256}, {H: 8, L: 0, N: 1000, W: 1}} {
		paths[tile.Path()] = tile
	}
	const secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
	signer, err := note.NewSigner(secret)
	if err != nil {
		return err
	}
	signed, err := note.Sign(&note.Note{Text: fmt.Sprintf("PeterNeumann\n%d\n%s\n", size, roots[size])}, signer)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", " ")
	return encoder.Encode(map[string]any{
		"roots": picked, "inclusion": inclusions, "consistency": consistencies, "paths": paths,
		"checkpoint": string(signed), "key": "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
	})
}
