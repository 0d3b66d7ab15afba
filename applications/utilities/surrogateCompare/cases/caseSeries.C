/*---------------------------------------------------------------------------*\
  =========                 |
  \\      /  F ield         | surrogateFoam: neural surrogates for OpenFOAM
   \\    /   O peration     |
    \\  /    A nd           |
     \\/     M anipulation  |
-------------------------------------------------------------------------------
License
    This file is part of surrogateFoam.

    surrogateFoam is free software: you can redistribute it and/or modify it
    under the terms of the GNU General Public License as published by
    the Free Software Foundation, either version 3 of the License, or
    (at your option) any later version.

    surrogateFoam is distributed in the hope that it will be useful, but
    WITHOUT ANY WARRANTY; without even the implied warranty of MERCHANTABILITY
    or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU General Public License
    for more details.

    You should have received a copy of the GNU General Public License
    along with surrogateFoam.  If not, see <http://www.gnu.org/licenses/>.

\*---------------------------------------------------------------------------*/

#include "caseRun.H"

#include "core/error.h"
#include "vtk/seriesIndex.h"

#include "foamVtkInternalWriter.H"
#include "OSspecific.H"

#include <cstdio>

// * * * * * * * * * * * * * * * Local Functions * * * * * * * * * * * * * * //

namespace Foam
{

//- NAME.pvd, and a folder NAME with one .vtu a time
class caseSeries
:
    public surrogate::FieldSeries
{
    const caseRun& run_;
    fileName path_;
    vtk::vtuCells cells_;
    surrogate::SeriesIndex index_;

public:

    caseSeries(const caseRun& run, const fileName& path)
    :
        run_(run),
        path_(path),
        cells_(run.mesh(), vtk::vtuCells::contentType::XML),
        index_(path_ + ".pvd")
    {
        if (!mkDir(path_))
        {
            throw surrogate::Error
            ({
                "Cannot make a folder for a VTK series", path_,
                "a folder that can be written", "", {}
            });
        }
    }

    virtual std::string index() const
    {
        return index_.path();
    }

    template<class Type>
    void write
    (
        vtk::internalWriter& writer,
        const word& name,
        const Field<Type>& values
    )
    {
        writer.write
        (
            DimensionedField<Type, volMesh>
            (
                IOobject
                (
                    name, run_.mesh().time().timeName(), run_.mesh(),
                    IOobject::NO_READ, IOobject::NO_WRITE, false
                ),
                run_.mesh(),
                dimless,
                values
            )
        );
    }

    virtual void append
    (
        double time,
        const surrogate::FieldList& fields,
        const std::vector<const std::vector<double>*>& values
    )
    {
        char number[16];
        std::snprintf(number, sizeof number, "_%06d", int(index_.entries().size()));
        const fileName file(path_.name()/(path_.name() + number + ".vtu"));

        throwingErrors(path_, [&]()
        {
            vtk::internalWriter writer
            (
                run_.mesh(),
                cells_,
                vtk::formatType::INLINE_BASE64,
                path_.path()/file,
                false
            );
            writer.beginFile();
            writer.writeTimeValue(time);
            writer.writeGeometry();
            writer.beginCellData(fields.size());
            for (std::size_t i = 0; i < fields.size(); ++i)
            {
                const std::vector<double>& from = *values[i];
                if (fields[i].components > 1)
                {
                    write<vector>(writer, fields[i].name, run_.toVectors(from));
                    continue;
                }
                write<scalar>
                (
                    writer,
                    fields[i].name,
                    scalarField(UList<scalar>(const_cast<double*>(from.data()), from.size()))
                );
            }
            writer.close();
        });
        if (!isFile(path_.path()/file))
        {
            throw surrogate::Error
            ({
                "Cannot write a VTK file", path_.path()/file,
                "a folder that can be written", "", {}
            });
        }
        index_.append(time, file);
    }
};

} // End namespace Foam


// * * * * * * * * * * * * * * * Member Functions  * * * * * * * * * * * * * //

std::unique_ptr<surrogate::FieldSeries> Foam::caseRun::writer
(
    const std::string& path
) const
{
    std::unique_ptr<surrogate::FieldSeries> result;
    surrogate::removeSeries(path);
    throwingErrors(path, [&]()
    {
        result = std::make_unique<caseSeries>(*this, fileName(path));
    });
    return result;
}


// ************************************************************************* //
